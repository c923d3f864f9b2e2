"""Innocent readings in words: what each would explain, what speaks for and against it, what to look up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillwatch.campaigns.model import Campaign, InnocentReading
from stillwatch.evidence.row import AXES, Evidence
from stillwatch.report import words


@dataclass(frozen=True, slots=True)
class ReadingTold:
    """One innocent reading as sentences."""

    title: str
    says: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    check: tuple[str, ...]


def tell(reading: InnocentReading, rows: Sequence[Evidence]) -> ReadingTold:
    """Return a reading in words; `rows` are the evidence and counter-evidence it was held against."""
    against = [
        f"It does not explain {_weighed(reading.unexplained, rows)}." if reading.unexplained else "",
        _left(reading),
        f"It would also have shown {_list(reading.missing)}, which did not." if reading.missing else "",
    ]
    speaks_for = [
        f"It would bring about {_list(reading.explains)} as well." if reading.explains else "",
        f"As it predicts, {_weighed(reading.speaks_for, rows)} {_speak(reading.speaks_for)} against the finding."
        if reading.speaks_for
        else "",
    ]
    return ReadingTold(
        reading.title,
        reading.says,
        tuple(line for line in speaks_for if line),
        tuple(line for line in against if line),
        reading.check,
    )


def _left(reading: InnocentReading) -> str:
    """Return what would still speak for the finding, were the reading true."""
    left = [
        f"{words.signed(reading.left[a])} on {a}"
        for a in AXES
        if a in reading.left and reading.left[a] >= 0.05
    ]
    if not left:
        return ""
    return f"If it were true, {words.listed(left)} would be left to chance."


def _list(signals: Sequence[str]) -> str:
    return words.listed([words.humanise(signal).lower() for signal in signals])


def _weighed(signals: Sequence[str], rows: Sequence[Evidence]) -> str:
    weight = {row.signal: row.log10_e for row in sorted(rows, key=lambda row: abs(row.log10_e))}
    named = [f"{words.humanise(s).lower()} ({words.signed(weight.get(s, 0.0))})" for s in signals]
    return words.listed(named)


def _speak(signals: Sequence[str]) -> str:
    return "speaks" if len(signals) == 1 else "speak"


def told(campaign: Campaign) -> tuple[ReadingTold, ...]:
    """Return a campaign's innocent readings in words, the best fitting first; none without grounds."""
    if campaign.grounds is None:
        return ()
    rows = (*campaign.evidence, *campaign.counter_evidence)
    return tuple(tell(reading, rows) for reading in campaign.grounds.readings)


def strongest_innocent_reading(campaign: Campaign) -> str:
    """Return the best innocent explanation: the reading that fits best, else the counter-evidence that weighs most."""
    found = told(campaign)
    if found:
        best = found[0]
        return " ".join([f"{best.title}. {best.says}", *best.speaks_for, *best.speaks_against])
    if not campaign.counter_evidence:
        return words.LEFT_READING[campaign.verdict]
    row = min(campaign.counter_evidence, key=lambda r: (r.log10_e, r.signal))
    return f"{row.summary} It weighs {words.signed(row.log10_e)} orders of ten on {row.axis}."
