"""How results and campaigns show themselves in a notebook: small tables in the notebook's own style."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from stillwatch.campaigns.model import Campaign, ScanResult
from stillwatch.evidence.row import AXES
from stillwatch.report import words
from stillwatch.report.draw import el
from stillwatch.report.explain import heaviest_first, title
from stillwatch.report.innocence import strongest_innocent_reading
from stillwatch.report.record import most_serious_first
from stillwatch.report.run_facts import headline

_SHOWN = 50


def install() -> None:
    """Give ScanResult and Campaign their `_repr_html_`.

    The model does not import the report (data flows one way), so the report hands the method back.
    """
    # setattr, because the model does not declare what only notebooks look for
    setattr(ScanResult, "_repr_html_", result_html)  # noqa: B010
    setattr(Campaign, "_repr_html_", campaign_html)  # noqa: B010


def result_html(result: ScanResult) -> str:
    """Return a result as its headline and a table of campaigns."""
    campaigns = most_serious_first(result.campaigns)
    parts = [el("p", el("strong", headline(result)))]
    if campaigns:
        head = (
            "campaign",
            "verdict",
            "confidence",
            "accounts",
            "exchanges",
            "log10 e",
            "mostly",
            "seen (UTC)",
        )
        parts.append(_table(head, [_campaign_cells(c) for c in campaigns[:_SHOWN]]))
    if len(campaigns) > _SHOWN:
        parts.append(el("p", f"and {len(campaigns) - _SHOWN:,} more"))
    if result.examined:
        noun = words.counted(len(result.examined), "group")
        parts.append(el("p", f"{noun} examined and found innocent; see .examined"))
    return str(el("div", *parts))


def campaign_html(campaign: Campaign) -> str:
    """Return a campaign as its title, axes, evidence for and against, and its innocent reading."""
    axes = " · ".join(f"{axis} {words.signed(campaign.axes.get(axis, 0.0))}" for axis in AXES)
    rows = [
        (words.humanise(e.signal), e.axis, words.signed(e.log10_e), e.observed, e.expected)
        for e in (*heaviest_first(campaign.evidence), *heaviest_first(campaign.counter_evidence))
    ]
    confidence = words.CONFIDENCE_TITLE[campaign.confidence].lower()
    return str(
        el(
            "div",
            el("p", el("strong", f"{campaign.campaign_id}  {title(campaign)}")),
            el("p", f"Confidence {confidence}; evidence 10^{words.exponent(campaign.log10_e)} ({axes})"),
            _table(("signal", "axis", "weight", "observed", "expected"), rows),
            el("p", el("em", "Strongest innocent reading: "), strongest_innocent_reading(campaign)),
        )
    )


def _campaign_cells(c: Campaign) -> tuple[str, ...]:
    top = max(c.capabilities, key=lambda share: (share.share, share.capability), default=None)
    return (
        c.campaign_id,
        words.VERDICT_TITLE[c.verdict],
        words.CONFIDENCE_TITLE[c.confidence].lower(),
        words.count(len(c.accounts)),
        words.count(c.exchanges),
        words.exponent(c.log10_e),
        "" if top is None else f"{words.capability(top.capability)}, {words.percent(top.share)}",
        words.between(c.first_seen, c.last_seen).removesuffix(" UTC"),
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Markup:
    left = "text-align:left;vertical-align:top"
    return el(
        "table",
        el("thead", el("tr", *(el("th", name, style=left) for name in head))),
        el(
            "tbody",
            *(el("tr", *(el("td", words.shortened(x, 200), style=left) for x in row)) for row in rows),
        ),
    )
