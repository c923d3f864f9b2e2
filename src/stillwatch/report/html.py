"""The report as one page: self-contained, no script, nothing fetched, nothing a log wrote left unescaped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from stillwatch.campaigns.model import (
    CONFIDENCES,
    Campaign,
    Examined,
    ScanResult,
    WorkloadShown,
)
from stillwatch.evidence.row import AXES
from stillwatch.report import words
from stillwatch.report.draw import STRIP, Scale, bar, clean, el, rect, scale_for, strip, upright
from stillwatch.report.explain import heaviest_first, title
from stillwatch.report.gaps import gaps
from stillwatch.report.innocence import ReadingTold, strongest_innocent_reading, told
from stillwatch.report.links import holding, holds_without, tie_rarity
from stillwatch.report.reasons import what_decides, why_not, why_this_word
from stillwatch.report.record import most_serious_first
from stillwatch.report.run_facts import RunFacts, headline, promise, run_facts
from stillwatch.report.ties import TiesPicture, ties_picture
from stillwatch.report.timeline import Timeline, timeline
from stillwatch.report.waterfall import Waterfall, deciding_axis, waterfall

SHOWN_CAMPAIGNS = 40  # in full; a page of more would be read by nobody
LISTED_CAMPAIGNS = 500
SHOWN_MEMBERS = 50
SHOWN_WORKLOADS = 8
SHOWN_CAPABILITIES = 8
SHOWN_EXAMINED = 60
SKELETON_CHARACTERS = 1600

_SLOT = re.compile("⟨[^⟩]{0,200}⟩")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One row of the members table."""

    account_id: str
    exchanges: int
    campaign_exchanges: int
    share_lower: float
    log10_e: float
    ties: int
    bar: Markup
    holds: str  # what is left of it without its strongest tie


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign with everything that is drawn or counted for its section."""

    campaign: Campaign
    anchor: str
    title: str
    confidence_step: int  # 1..4
    rarity: str
    deciding_axis: str | None
    waterfall: Waterfall
    timeline: Timeline | None
    ties: TiesPicture | None
    capabilities: tuple[tuple[str, int, float, Markup, str], ...]
    members: tuple[MemberRow, ...]
    holding: str
    innocent: str
    readings: tuple[ReadingTold, ...]
    decides: tuple[str, ...]
    word: tuple[str, ...]
    basis: str


def render_report(result: ScanResult) -> str:
    """Return the report page of a result as HTML. Equal results give equal pages: no clock, no timings."""
    facts = run_facts(result)
    campaigns = most_serious_first(result.campaigns)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            headline=headline(result),
            findings=findings(campaigns),
            facts=facts,
            promise=promise(facts),
            campaigns=[campaign_view(c, i, facts.cut) for i, c in enumerate(campaigns[:SHOWN_CAMPAIGNS], 1)],
            listed=campaigns[:LISTED_CAMPAIGNS],
            unlisted=max(0, len(campaigns) - LISTED_CAMPAIGNS),
            examined=[(group, examined_axes(group, facts.cut)) for group in result.examined[:SHOWN_EXAMINED]],
            examined_more=max(0, len(result.examined) - SHOWN_EXAMINED),
            gaps=gaps(result.coverage),
            coverage=result.coverage,
        )
    )


def findings(campaigns: tuple[Campaign, ...]) -> str:
    """Return what was found as a heading: `One distillation campaign and two resale pools`."""
    if not campaigns:
        return "No campaign found"
    each = Counter(c.verdict for c in campaigns)
    nouns = {
        "distillation_campaign": ("distillation campaign", "distillation campaigns"),
        "resale_pool": ("resale pool", "resale pools"),
        "bulk_extraction": ("case of bulk extraction", "cases of bulk extraction"),
        "related_accounts": ("group of related accounts", "groups of related accounts"),
    }
    said = [f"{_numeral(n)} {nouns[v][n != 1]}" for v, n in each.items()]
    sentence = words.listed(said)
    return sentence[:1].upper() + sentence[1:]


def _numeral(n: int) -> str:
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[n] if n < len(small) else f"{n:,}"


def campaign_view(campaign: Campaign, position: int, cut: float | None) -> CampaignView:
    """Return everything that a campaign's section shows."""
    return CampaignView(
        campaign=campaign,
        anchor=f"campaign-{position}",
        title=title(campaign),
        confidence_step=CONFIDENCES.index(campaign.confidence) + 1,
        rarity=words.rarity(campaign.log10_e),
        deciding_axis=deciding_axis(campaign),
        waterfall=waterfall(campaign, cut),
        timeline=timeline(campaign),
        ties=ties_picture(campaign),
        capabilities=capability_rows(campaign),
        members=member_rows(campaign),
        holding=holding(campaign.member_grounds),
        innocent=strongest_innocent_reading(campaign),
        readings=told(campaign),
        decides=tuple(what_decides(campaign)),
        word=tuple(why_this_word(campaign)),
        basis=basis(campaign),
    )


def basis(campaign: Campaign) -> str:
    """Return on how much a finding rests: signals for it, kinds of trace they read, signals against it."""
    speaking = [row for row in campaign.evidence if row.log10_e > 0]
    if not speaking:
        return ""
    signals = words.counted(len({row.signal for row in speaking}), "signal")
    blocks = sorted({row.block for row in speaking})
    against_it = [row for row in campaign.evidence if row.log10_e < 0]
    contrary = len({row.signal for row in (*campaign.counter_evidence, *against_it)})
    against = words.counted(contrary, "signal") if contrary else "nothing"
    verb = "speak" if contrary > 1 else "speaks"
    return f"It rests on {signals} of {words.listed(blocks)}; {against} {verb} against it."


def capability_rows(campaign: Campaign) -> tuple[tuple[str, int, float, Markup, str], ...]:
    """Return the capabilities asked for, most first, each with a bar of its share and what was taken."""
    ranked = sorted(campaign.capabilities, key=lambda c: (-c.exchanges, c.capability))[:SHOWN_CAPABILITIES]
    return tuple(
        (words.capability(c.capability), c.exchanges, c.share, share_bar(c.share, c.share), words.taken(c))
        for c in ranked
    )


def share_bar(share: float, lower: float) -> Markup:
    """Return a bar of a share of 0..1, its lower bound solid and the rest of it pale."""
    return strip(
        rect(0, 3, STRIP, 6, "track"),
        rect(0, 3, share * STRIP, 6, "pale"),
        rect(0, 3, lower * STRIP, 6, "solid"),
        height=12,
    )  # fmt: skip


def member_rows(campaign: Campaign) -> tuple[MemberRow, ...]:
    """Return the members with the most attributed exchanges."""
    ties: Counter[str] = Counter()
    for tie in campaign.ties:
        ties.update({tie.a, tie.b})
    held = {grounds.account_id: grounds for grounds in campaign.member_grounds}
    ranked = sorted(campaign.accounts, key=lambda m: (-m.campaign_exchanges, m.account_id))[:SHOWN_MEMBERS]
    return tuple(
        MemberRow(
            m.account_id, m.exchanges, m.campaign_exchanges, m.share_lower, m.log10_e, ties[m.account_id],
            share_bar(m.campaign_exchanges / max(m.exchanges, 1), m.share_lower),
            holds_without(held[m.account_id]) if m.account_id in held else "",
        )
        for m in ranked
    )  # fmt: skip


def examined_axes(group: Examined, cut: float | None) -> tuple[tuple[str, float, Markup], ...]:
    """Return the three axes of an innocent group as bars with what each had to reach marked, else the cut."""
    scale = scale_for([group.axes.get(axis, 0.0) for axis in AXES], cut)
    needed = group.grounds.needed if group.grounds is not None else {}
    return tuple(
        (axis, value, _axis_bar(value, scale, needed.get(axis, cut)))
        for axis, value in ((axis, group.axes.get(axis, 0.0)) for axis in AXES)
    )


def _axis_bar(log10_e: float, scale: Scale, cut: float | None) -> Markup:
    marks = [upright(scale.at(0.0), 0, 12, "zero")]
    if cut is not None:
        marks.append(upright(scale.at(cut), 0, 12, "cut"))
    kind = "total plus" if log10_e >= 0 else "against minus"
    return strip(*marks, bar(scale, 0.0, log10_e, kind, height=12, thick=6), height=12)


def skeleton(workload: WorkloadShown) -> Markup | None:
    """Return a workload's template with its slots marked; None where text was not kept."""
    if workload.skeleton is None:
        return None
    text = workload.skeleton
    if len(text) > SKELETON_CHARACTERS:
        text = text[:SKELETON_CHARACTERS].rstrip() + " …"
    parts: list[Markup] = []
    end = 0
    for slot in _SLOT.finditer(text):
        parts += [Markup.escape(clean(text[end : slot.start()])), el("mark", slot.group())]
        end = slot.end()
    return Markup("").join([*parts, Markup.escape(clean(text[end:]))])


def _printable(value: Any) -> Any:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("stillwatch.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "action": lambda slug: words.ACTION_TITLE.get(slug, words.humanise(slug)),
        "capability": words.capability,
        "count": words.count,
        "counted": words.counted,
        "cut_short": words.shortened,
        "humanise": words.humanise,
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "minute": words.minute,
        "percent": words.percent,
        "power": words.exponent,
        "short_count": words.short_count,
        "signed": words.signed,
        "skeleton": skeleton,
        "tie_rarity": tie_rarity,
        "why_not": why_not,
    }
    environment.globals |= {
        "axes": AXES,
        "axis_question": words.AXIS_QUESTION,
        "between": words.between,
        "confidence_title": words.CONFIDENCE_TITLE,
        "confidences": CONFIDENCES,
        "heaviest_first": heaviest_first,
        "shown_workloads": SHOWN_WORKLOADS,
        "verdict_meaning": words.VERDICT_MEANING,
        "verdict_title": words.VERDICT_TITLE,
    }
    return environment


__all__ = ["CampaignView", "MemberRow", "RunFacts", "render_report"]
