"""The activity of a campaign over time: what is the campaign's above the line, other traffic below it."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from stillwatch.campaigns.model import Campaign
from stillwatch.report import words
from stillwatch.report.draw import STRIP, el, number, strip

EACH_ALONE = 40  # accounts with a row each
SHOWN_OF_MANY = 20  # rows of a larger group, beneath the sums
FINEST = 120  # columns at most

_STEPS = tuple(
    timedelta(minutes=m)
    for m in (1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10080, 20160, 40320, 131040, 524160)
)

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """One strip: whose it is, and how many exchanges of the campaign and of other traffic it holds."""

    name: str
    svg: Markup
    campaign: int
    other: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Strips on one time axis."""

    sums: tuple[Row, ...]
    rows: tuple[Row, ...]
    ticks: tuple[tuple[str, str], ...]  # position from the left in per cent, label
    note: str


def timeline(campaign: Campaign) -> Timeline | None:
    """Return the activity of a campaign as strips; None where the scan kept none."""
    if not campaign.timeline:
        return None
    start, step, columns = _grid([at for _, at, _, _ in campaign.timeline])
    ours, other = _counts(campaign, start, step, columns)
    busiest = sorted(ours, key=lambda who: (-int(ours[who].sum()), who))
    many = len(busiest) > EACH_ALONE
    shown = busiest[:SHOWN_OF_MANY] if many else busiest
    top = max([1, *(int(max(ours[who].max(), other[who].max())) for who in shown)])
    rows = tuple(_row(words.shortened(who, 40), ours[who], other[who], top, 22) for who in shown)
    note = (
        f"One column is {words.span(step)}. Height is the square root of the number of exchanges, "
        f"the tallest column of an account is {top:,}."
    )
    if many:
        note += (
            f" The {len(shown)} busiest of {words.counted(len(busiest), 'account')} have a row of their own."
        )
    return Timeline(_sums(ours, other), rows, _ticks(start, step, columns), note)


def _grid(moments: list[datetime]) -> tuple[datetime, timedelta, int]:
    """Return first column's start, width of a column and number of columns.

    The width is the finest round one that is no finer than the buckets given and gives at most FINEST.
    """
    distinct = sorted({words.in_utc(m) for m in moments})
    given = min((b - a for a, b in pairwise(distinct)), default=timedelta(hours=1))
    length = distinct[-1] - distinct[0] + given
    fitting = (s for s in _STEPS if s >= given and length / s <= FINEST)
    step = next(fitting, max(given, length / FINEST))
    midnight = distinct[0].replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + ((distinct[0] - midnight) // step) * step
    return start, step, (distinct[-1] - start) // step + 1


def _counts(
    campaign: Campaign, start: datetime, step: timedelta, columns: int
) -> tuple[dict[str, Counts], dict[str, Counts]]:
    ours: defaultdict[str, Counts] = defaultdict(lambda: np.zeros(columns, dtype=np.int64))
    other: defaultdict[str, Counts] = defaultdict(lambda: np.zeros(columns, dtype=np.int64))
    for who, at, campaign_exchanges, other_exchanges in campaign.timeline:
        column = (words.in_utc(at) - start) // step
        ours[who][column] += campaign_exchanges
        other[who][column] += other_exchanges
    return ours, other


def _sums(ours: dict[str, Counts], other: dict[str, Counts]) -> tuple[Row, ...]:
    if len(ours) < 2:
        return ()
    together = np.sum(list(ours.values()), axis=0)
    beside = np.sum(list(other.values()), axis=0)
    active = np.sum([counts > 0 for counts in ours.values()], axis=0).astype(np.int64)
    top = int(max(together.max(), beside.max(), 1))
    return (
        _row("All accounts together", together, beside, top, 44),
        _row("Accounts active at once", active, np.zeros_like(active), int(max(active.max(), 1)), 22,
             note=f"up to {int(active.max()):,}"),
    )  # fmt: skip


def _row(name: str, ours: Counts, other: Counts, top: int, height: int, note: str = "") -> Row:
    """Return a strip: two thirds of its height above the line for the campaign, the rest below it."""
    line = height if note else round(height * 2 / 3)
    marks = [el("path", d=_steps(ours, top, line, -line), class_="ours")]
    if not note:
        marks.append(el("path", d=_steps(other, top, line, height - line), class_="other"))
    marks.append(el("line", x1=0, x2=STRIP, y1=line, y2=line, class_="base"))
    total, beside = int(ours.sum()), int(other.sum())
    label = f"{name}: {note or f'{total:,} exchanges of the campaign, {beside:,} others'}"
    return Row(name, strip(*marks, height=height, label=label), total, beside, note)


def _steps(counts: Counts, top: int, line: int, reach: int) -> str:
    """Return a path of columns that rise (reach < 0) or hang (reach > 0) from the line."""
    width = STRIP / len(counts)
    path = []
    for column in np.flatnonzero(counts).tolist():
        tall = math.sqrt(int(counts[column]) / top) * (abs(reach) - 1)
        tall = max(tall, 1.0) * (1 if reach > 0 else -1)
        path.append(f"M{number(column * width)} {line}v{number(tall)}h{number(width * 0.86)}V{line}z")
    return "".join(path)


def _ticks(start: datetime, step: timedelta, columns: int) -> tuple[tuple[str, str], ...]:
    """Return at most six labels on round moments, in UTC."""
    length = step * columns
    hours = (1 / 60, 1 / 12, 1 / 4, 1 / 2, 1, 3, 6, 12, 24, 48, 168, 336, 672, 2184, 8736)
    rounds = [timedelta(hours=h) for h in hours]
    every = next((r for r in rounds if length / r <= 6), length)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + math.ceil((start - midnight) / every) * every
    moments = [first + every * i for i in range(8) if first + every * i < start + length * 0.97] or [start]
    days = every >= timedelta(days=1)
    return tuple(
        (f"{(m - start) / length * 100:.2f}", f"{m.day} {m:%b}" if days or m.hour == 0 else f"{m:%H:%M}")
        for m in moments
    )
