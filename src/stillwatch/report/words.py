"""The words of the report: verdicts, confidence, capabilities and numbers in plain English.

Every sentence here states observed behaviour and how sure we are of it; none of them states guilt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from stillwatch.campaigns.model import CONFIDENCES, STEPS, Action, CapabilityShare, Confidence, Verdict
from stillwatch.evidence.row import Axis

VERDICT_TITLE: dict[Verdict, str] = {
    "distillation_campaign": "Distillation campaign",
    "resale_pool": "Resale pool",
    "bulk_extraction": "Bulk extraction",
    "related_accounts": "Related accounts",
}

VERDICT_MEANING: dict[Verdict, str] = {
    "distillation_campaign": (
        "These accounts behave as one operator, what they ask for is shaped like training data for another "
        "model, and what they declare contradicts that they belong together."
    ),
    "resale_pool": (
        "These accounts behave as one operator and declare nothing in common. That what passes through them "
        "is shaped like training data is not shown."
    ),
    "bulk_extraction": (
        "This traffic is shaped like training data and unlike any public evaluation or declared use we know. "
        "Nothing shows that it hides: a matter for review, not an accusation."
    ),
    "related_accounts": (
        "These accounts behave as one operator. That they hide it and take training data, both at once, is not "
        "shown: people and companies often hold several accounts."
    ),
}

CONFIDENCE_TITLE: dict[Confidence, str] = {
    "suspected": "Suspected",
    "consistent_with": "Consistent with",
    "likely": "Likely",
    "high": "High",
}

# orders of ten above the dial's cut at which each step begins (results contract)
CONFIDENCE_STEPS: tuple[tuple[Confidence, float], ...] = tuple(zip(CONFIDENCES, STEPS, strict=True))

AXIS_QUESTION: dict[Axis, str] = {
    "coordination": "Are these accounts one operator?",
    "extraction": "Is what they take shaped like training data?",
    "evasion": "Do they hide that they are one?",
}

CAPABILITY_TITLE: dict[str, str] = {
    "reasoning_elicitation": "Eliciting reasoning",
    "rubric_grading": "Grading against a rubric",
    "preference": "Preference judgements",
    "safe_rewriting": "Rewriting sensitive answers",
    "instruction_generation": "Generating instructions",
    "agentic_coding": "Agentic coding",
    "tool_use": "Tool use",
    "computer_use": "Computer use",
    "vision": "Vision",
    "data_analysis": "Data analysis",
    "benchmark_items": "Items of question banks",
    "trace_cleaning": "Cleaning of traces",
    "identity_probe": "Probing identity and safeguards",
    "general": "General use",
}

ACTION_TITLE: dict[Action, str] = {
    "observe": "Observe",
    "slow": "Slow down",
    "verify": "Ask for verification",
    "reduce": "Reduce what is answered",
    "refuse": "Refuse",
    "suspend": "Suspend",
}

LEFT_READING: dict[Verdict, str] = {
    "distillation_campaign": (
        "No honest explanation shows in the log. The innocent reading left is one organisation that never declared "
        "itself: several teams or customers behind one relay, each with its own reason for these requests."
    ),
    "resale_pool": (
        "No honest explanation shows in the log. The innocent reading left is an honest gateway that serves several "
        "customers and never declared it."
    ),
    "bulk_extraction": (
        "No honest explanation shows in the log. The innocent reading left is a private evaluation, a labelling job "
        "or a data migration nobody told the provider about."
    ),
    "related_accounts": (
        "The innocent reading is the likely one: one person or company with several accounts."
    ),
}


def humanise(slug: str) -> str:
    """Return a slug as a phrase: `retry_handed_over` becomes `Retry handed over`."""
    phrase = slug.replace("_", " ").replace("-", " ").strip()
    return phrase[:1].upper() + phrase[1:]


def capability(slug: str | None) -> str:
    """Return the title of a capability slug; an unknown slug is shown as it stands."""
    if slug is None:
        return "Not classified"
    return CAPABILITY_TITLE.get(slug, humanise(slug))


def taken(share: CapabilityShare) -> str:
    """Return what a campaign took of one capability: tokens answered, and prompts."""
    prompts = counted(share.distinct_prompts, "distinct prompt") if share.distinct_prompts else ""
    tokens = f"{short_count(share.output_tokens)} tokens answered" if share.output_tokens else ""
    return ", ".join(part for part in (tokens, prompts) if part)


def count(n: int) -> str:
    """Return a whole number with thousands set apart: 1204113 becomes `1,204,113`."""
    return f"{n:,}"


def counted(n: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: `1 account`, `1,200 accounts`."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def short_count(n: int) -> str:
    """Return a number at three figures: 2310456 becomes `2.31 M`."""
    for bound, unit in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**4, "k")):
        if n >= bound:
            scaled = n / (1000 if unit == "k" else bound)
            return f"{scaled:.3g} {unit}" if scaled < 1000 else f"{scaled:,.0f} {unit}"
    return f"{n:,}"


def percent(share: float) -> str:
    """Return a share of 0..1 as a percentage; never rounds a little to nothing or nearly all to all."""
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def signed(log10_e: float) -> str:
    """Return evidence in orders of ten, signed with a true minus: `+3.2`, `−1.0`."""
    shown = exponent(abs(log10_e))
    if shown == "∞":
        return "+∞" if log10_e > 0 else "−∞"
    return shown if float(shown) == 0 else ("+" if log10_e > 0 else "−") + shown


def exponent(log10_e: float) -> str:
    """Return an exponent of ten at one decimal; beyond any count of events it is endless."""
    return f"{log10_e:.1f}" if abs(log10_e) < 100_000 else "∞"


def one_in(share: float) -> str:
    """Return a rate as odds: 0.05 becomes `1 in 20`."""
    if share <= 0:
        return "none"
    ratio = 1 / share
    return f"1 in {ratio:,.0f}" if abs(ratio - round(ratio)) < 0.05 else f"1 in {ratio:,.1f}"


def rarity(log10_e: float) -> str:
    """Return what an e-value means: by Markov's inequality P(E ≥ x) ≤ 1/x under the null."""
    if log10_e <= 0:
        return "no more than chance would give"
    if log10_e < 6:
        return f"at most once in {_two_figures(10**log10_e):,}"
    for power, word in ((15, None), (12, "trillion"), (9, "billion"), (6, "million")):
        if log10_e >= power:
            if word is None:
                return f"at most once in 10^{int(log10_e)}" if exponent(log10_e) != "∞" else "never"
            return f"at most once in {_two_figures(10 ** (log10_e - power)):,} {word}"
    return ""


def _two_figures(x: float) -> int:
    whole = int(x)
    scale = int(10 ** max(0, len(str(whole)) - 2))
    return max(1, whole // scale * scale)


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is taken as UTC, never as the machine's own zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC ending in `Z`; a moment without a zone is taken as UTC."""
    return in_utc(moment).isoformat().replace("+00:00", "Z")


def day(moment: datetime) -> str:
    """Return a date for people: `2 Nov 2026`."""
    utc = in_utc(moment)
    return f"{utc.day} {utc:%b %Y}"


def minute(moment: datetime) -> str:
    """Return date and time for people: `2 Nov 2026 09:14`."""
    return f"{day(moment)} {in_utc(moment):%H:%M}"


def between(first: datetime, last: datetime) -> str:
    """Return a span of time as short as it stays unambiguous, in UTC."""
    a, b = in_utc(first), in_utc(last)
    if a.date() == b.date():
        return f"{day(a)}, {a:%H:%M}–{b:%H:%M} UTC"
    if (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{day(b)}"
    return f"{a.day} {a:%b} – {day(b)}" if a.year == b.year else f"{day(a)} – {day(b)}"


def span(length: timedelta) -> str:
    """Return a length of time for people: `26 hours`, `3 days`."""
    seconds = length.total_seconds()
    if seconds == 86400:
        return "1 day"
    for bound, size, noun in ((172800, 86400, "day"), (3600, 3600, "hour"), (60, 60, "minute")):
        if seconds >= bound:
            return counted(round(seconds / size), noun)
    return counted(round(seconds), "second")


def listed(words: Sequence[str]) -> str:
    """Return words as a list in prose: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def shortened(text: str, width: int) -> str:
    """Return text in at most `width` characters, cut in the middle: both ends of an id tell it apart."""
    if len(text) <= width:
        return text
    tail = (width - 1) // 3
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :] if tail else ''}"
