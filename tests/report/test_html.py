"""The page: complete, self-contained, the same every time, and deaf to what a log tries to say to it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from stillwatch.campaigns.model import Member, ScanResult, Tie, WorkloadShown
from stillwatch.report.html import (
    SHOWN_CAMPAIGNS,
    SKELETON_CHARACTERS,
    basis,
    findings,
    render_report,
    skeleton,
)

from .makers import START, campaign, coverage, evidence, examined, result, run, three

VOID = {"meta", "br", "col", "link", "img"}


class Page(HTMLParser):
    """Reads a page strictly: every element closed in order; collects elements and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def results() -> dict[str, ScanResult]:
    return {
        "none": result(()),
        "bare": result((), examined=(), coverage=(), run={}),
        "one": result(),
        "three": result(three()),
        "no details": result((campaign(ties=(), timeline=(), workloads=(), evidence=(), counter_evidence=(),
                                       recommended=(), atlas=(), capabilities=(), models=(), platforms=()),)),
        "no cut": result(run=run(cut_log10_e=None)),
    }  # fmt: skip


@pytest.mark.parametrize("name", results())
def test_the_page_is_well_formed_and_fetches_nothing(name: str) -> None:
    html = render_report(results()[name])
    page = Page(html)
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not re.search(r"https?:|url\(|@import|\bon\w+=", html)
    assert "default-src 'none'" in html
    for _, attributes in page.seen:
        assert not {"src", "srcset", "xlink:href"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")


@pytest.mark.parametrize("name", results())
def test_headings_descend_by_single_steps_and_links_lead_somewhere(name: str) -> None:
    page = Page(render_report(results()[name]))
    levels = [int(tag[1]) for tag, _ in page.seen if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    ids = [a["id"] for _, a in page.seen if a.get("id")]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for tag, a in page.seen if tag == "a" and a.get("href")}  # type: ignore[index]
    targets |= {a["aria-labelledby"] for _, a in page.seen if a.get("aria-labelledby")}  # type: ignore[misc]
    assert targets <= set(ids)


@pytest.mark.parametrize("name", results())
def test_every_picture_has_words_or_is_decoration(name: str) -> None:
    for tag, attributes in Page(render_report(results()[name])).seen:
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes.get("role") == "img"


def test_the_page_says_what_was_found_how_sure_and_what_speaks_against() -> None:
    found = campaign()
    html = render_report(result((found,)))
    for said in (
        "One distillation campaign",
        "on average at most 5 % are false",
        "Strongest innocent reading",
        "Why “likely”, and what would raise it",
        "What would have had to be different",
        "To look up",
        "It had to reach",
        "no accounts table",
        "Examined and found innocent, and why",
        "Evaluation harness, 3 accounts",
        "What could not be said",
        "Reasoning replay",
        "This axis decides.",
        "AML.T0024.002",
        "gateway-2026-11-02.jsonl.zst",
        "account_id: absent",
        "k-5d1e",
        "Text was not kept for the others",
        *(row.summary for row in (*found.evidence, *found.counter_evidence)),
        *(m.account_id for m in found.accounts),
    ):
        assert said in html, said


def test_no_page_speaks_of_guilt() -> None:
    html = render_report(result(three())).lower()
    words = re.findall(r"guilt\w*|culprit\w*|crimin\w*|thie\w*|attacker\w*|malicious", html)
    assert set(words) <= {"guilty"}  # "a missing field is neither innocent nor guilty"


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}\x00\x1b[31m\u202e"


def hostile() -> ScanResult:
    """A result in which every string that a log can choose is an attack."""
    bad = dataclasses.replace(
        campaign(accounts=2, campaign_id=HOSTILE),
        accounts=(Member(HOSTILE, 3, 2, 0.5, 1.0), Member("b" * 100_000, 3, 2, 0.5, 1.0)),
        ties=(Tie(HOSTILE, "b" * 100_000, HOSTILE, 3, 2.0),),
        workloads=(WorkloadShown(HOSTILE, 1, 1, False, HOSTILE, f"⟨{HOSTILE}⟩ {HOSTILE} " + "w" * 10**6),),
        timeline=((HOSTILE, START, 1, 1),),
        models=(HOSTILE,),
        platforms=(HOSTILE,),
        evidence=(
            evidence(signal=HOSTILE, observed=HOSTILE, summary=HOSTILE, null=HOSTILE, fields=(HOSTILE,)),
        ),
        caps=(HOSTILE,),
        atlas=(HOSTILE,),
    )
    facts = run(inputs=[{"file": HOSTILE, "format": HOSTILE}], rejected={HOSTILE: 1}, secret_id=HOSTILE)
    field = dataclasses.replace(coverage()[0], field=HOSTILE, signals=(HOSTILE,))
    return result((bad,), examined=(examined(name=HOSTILE, reason=HOSTILE),), coverage=(field,), run=facts)


def test_nothing_a_log_says_becomes_part_of_the_page() -> None:
    html = render_report(hostile())
    page = Page(html)
    assert not {"script", "img"} & {tag for tag, _ in page.seen}
    assert not any(name.startswith("on") for _, attributes in page.seen for name in attributes)
    assert "&lt;script&gt;" in html
    assert "49" not in re.findall(r"\{\{.*?\}\}|\b49\b", html)
    assert not re.search("[\x00-\x08\x0b-\x1f]", html)
    assert len(html) < 200_000


def test_of_very_many_findings_the_first_are_shown_in_full_and_the_rest_listed() -> None:
    many = tuple(campaign(accounts=3, seed=s, buckets=4) for s in range(60))
    html = render_report(result(many))
    assert html.count('<article class="campaign"') == SHOWN_CAMPAIGNS
    assert all(c.campaign_id in html for c in many)
    Page(html)


def test_ids_of_other_writing_directions_are_kept_apart() -> None:
    html = render_report(result((campaign(campaign_id="مرحبا-123"),)))
    assert '<bdi class="id">مرحبا-123</bdi>' in html


def test_a_campaign_of_five_thousand_accounts_stays_small() -> None:
    html = render_report(result((campaign(accounts=5000, buckets=60),)))
    assert len(html.encode()) < 3_000_000
    assert "The 50 with the most attributed exchanges are shown" in html


def test_the_order_of_campaigns_and_the_timings_change_nothing() -> None:
    one = result(three())
    other = dataclasses.replace(one, campaigns=one.campaigns[::-1], run=run(timings={}, peak_memory_bytes=0))
    assert render_report(one) == render_report(other)


def test_slots_are_marked_and_long_templates_cut() -> None:
    shown = skeleton(WorkloadShown("w", 1, 1, False, None, "Grade ⟨…⟩ <b> " + "x" * 5000))
    assert shown is not None
    assert shown.startswith("Grade <mark>⟨…⟩</mark> &lt;b&gt;")
    assert len(shown) < SKELETON_CHARACTERS + 100
    assert skeleton(WorkloadShown("w", 1, 1, False, None, None)) is None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_marks_stand_out_in_light_and_dark(theme: int) -> None:
    css = files("stillwatch.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    colour = dict(re.findall(r"--([\w]+):(#[0-9a-f]{6})", re.findall(r":root\{[^}]*\}", css)[theme]))
    for paper in ("paper", "panel"):
        for text in ("ink", "soft", "for", "against", "link"):
            assert contrast(colour[text], colour[paper]) >= 4.5, (text, paper)
    for mark in ("rest", "other", *(f"k{i}" for i in range(8))):
        assert contrast(colour[mark], colour["paper"]) >= 3, mark
    assert contrast(colour["ink"], colour["slot"]) >= 4.5


def test_the_heading_counts_by_verdict() -> None:
    assert findings(()) == "No campaign found"
    assert findings((campaign(), campaign())) == "Two distillation campaigns"
    assert findings(three()[:2]) == "One case of bulk extraction and one resale pool"


def test_where_no_text_was_kept_the_page_says_so_once() -> None:
    bare = tuple(WorkloadShown(f"W{i}", 9, 3, False, None, None) for i in range(3))
    html = render_report(result((campaign(workloads=bare),)))
    assert html.count("Text was not kept:") == 1
    assert "<pre" not in html


def test_a_row_of_negative_weight_is_counted_among_what_speaks_against() -> None:
    rows = (evidence(signal="even_load", log10_e=6.0), evidence(signal="joint_window", log10_e=-0.4))
    told = basis(campaign(evidence=rows, counter_evidence=()))
    assert told.startswith("It rests on 1 signal of ")
    assert told.endswith("; 1 signal speaks against it.")
