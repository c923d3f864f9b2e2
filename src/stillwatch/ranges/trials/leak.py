"""What a campaign takes before it is reported: growing prefixes of a log are scanned, each as of its last moment.

A prefix holds what was sent before a moment, and the accounts table as it stood then. A campaign counts as reported
at the first prefix in which one `distillation_campaign` holds at least half of its accounts seen so far, or half of
its exchanges so far. Nothing is known between two prefixes: a leak is an upper bound, reached if the report had
come just at the end of the prefix; what had leaked at the prefix before is given with it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stillwatch.pipeline import scan
from stillwatch.ranges.scoring.database import need
from stillwatch.ranges.scoring.record import record
from stillwatch.ranges.scoring.show import columns
from stillwatch.ranges.trials.leak_sights import Prefix, Sight, sighted
from stillwatch.ranges.trials.leak_times import instant
from stillwatch.ranges.trials.leak_truth import LeakTruth, accounts_until
from stillwatch.ranges.trials.trial import write_secret
from stillwatch.settings import Settings

RESOLUTION: Final = (
    "Nothing is known between two prefixes: what leaked is an upper bound, and what had leaked at the prefix before,"
    " where the campaign was not reported yet, a lower one."
)


@dataclass(frozen=True, slots=True)
class Leak:
    """What one campaign took before its first report; hours count from its first exchange."""

    campaign: str
    exchanges: int  # answered, of the whole campaign
    tokens: int  # input, output and reasoning
    accounts: int
    reported_as: str | None  # None: never, and all of it leaked
    hours: float | None  # to the report
    leaked_exchanges: int
    leaked_tokens: int
    before_exchanges: int  # leaked at the prefix before, when it was not reported yet
    before_hours: float
    half_hours: float | None  # until half of all its accounts were accused; None: never
    most_hours: float | None  # until 95 % were

    @property
    def leaked_share(self) -> float:
        """Share of the campaign's exchanges that leaked, 0..1."""
        return self.leaked_exchanges / self.exchanges if self.exchanges else 0.0


def scan_prefixes(
    log: Path,
    truth: LeakTruth,
    ends: Sequence[int],
    *,
    settings: Settings | None = None,
    progress: Callable[[Prefix], None] | None = None,
) -> list[Prefix]:
    """Scan what a range's folder holds before each of `ends` (microseconds since 1970, ascending).

    All scans share one secret and one state, so that a campaign keeps its id. `progress` is told of each.
    Raises ScoreInputError where the folder holds no exchanges, ReadError where they cannot be read.
    """
    found: list[Prefix] = []
    files = [str(path) for path in need(log, "exchanges")]
    with tempfile.TemporaryDirectory(prefix="stillwatch-leak-") as name:
        folder = Path(name)
        secret = write_secret(folder)
        for end in ends:
            result = scan(
                files,
                accounts=accounts_until(log, end, folder),
                settings=settings,
                secret=secret,
                state=folder / "state",
                until=instant(end),
            )
            found.append(sighted(truth, result, end))
            if progress is not None:
                progress(found[-1])
    return found


def leaks(truth: LeakTruth, prefixes: Sequence[Prefix]) -> list[Leak]:
    """Return what each campaign took before its first report, by name; the last prefix must hold the whole log."""
    begun = [int(truth.times[name][0]) for name in truth.campaigns]
    return [_leak(_Course(begun[i], prefixes, i)) for i in range(len(truth.campaigns))]


@dataclass(frozen=True)
class _Course:
    """One campaign from prefix to prefix."""

    begun: int
    prefixes: Sequence[Prefix]
    place: int

    @property
    def sights(self) -> list[Sight]:
        return [prefix.sights[self.place] for prefix in self.prefixes]

    def hours(self, step: int | None) -> float | None:
        """Return the hours from the campaign's first exchange to a prefix's end."""
        if step is None:
            return None
        return max(0.0, (self.prefixes[step].until - instant(self.begun)).total_seconds() / 3600)

    def accused(self, share: float) -> float | None:
        """Return the hours until a share of all the campaign's accounts was accused."""
        enough = share * self.sights[-1].accounts
        return self.hours(next((i for i, s in enumerate(self.sights) if s.accused >= enough), None))


def _leak(course: _Course) -> Leak:
    sights = course.sights
    whole = sights[-1]
    step = next((i for i, s in enumerate(sights) if s.reported_as is not None), None)
    at = whole if step is None else sights[step]
    before = len(sights) - 1 if step is None else step - 1
    return Leak(
        campaign=whole.campaign,
        exchanges=whole.exchanges,
        tokens=whole.tokens,
        accounts=whole.accounts,
        reported_as=at.reported_as,
        hours=course.hours(step),
        leaked_exchanges=at.exchanges,
        leaked_tokens=at.tokens,
        before_exchanges=sights[before].exchanges if before >= 0 else 0,
        before_hours=(course.hours(before) or 0.0) if before >= 0 else 0.0,
        half_hours=course.accused(0.5),
        most_hours=course.accused(0.95),
    )


def as_record(found: Sequence[Leak], prefixes: Sequence[Prefix]) -> dict[str, Any]:
    """Return leaks and the prefixes they were read from in JSON's types, with what the resolution means."""
    steps = [record(prefix) | {"until": prefix.until.isoformat()} for prefix in prefixes]
    return {"resolution": RESOLUTION, "campaigns": record(list(found)), "prefixes": steps}


def show(found: Sequence[Leak], prefixes: Sequence[Prefix]) -> str:
    """Return the leaks as a table for a person."""
    head = [
        "campaign", "reported as", "after", "leaked exch.", "of", "share", "leaked tokens", "at least",
        "50 % of accounts", "95 %",
    ]  # fmt: skip
    rows = [
        [
            each.campaign, each.reported_as or "never", _hours(each.hours), f"{each.leaked_exchanges:,}",
            f"{each.exchanges:,}", f"{each.leaked_share:.1%}", f"{each.leaked_tokens:,}", f"{each.before_exchanges:,}",
            _hours(each.half_hours), _hours(each.most_hours),
        ]
        for each in found
    ]  # fmt: skip
    first, last = prefixes[0].until, prefixes[-1].until
    told = (
        f"{len(prefixes)} prefixes, ending {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC; hours count from a"
        " campaign's first exchange."
    )
    return f"{columns(head, rows, left=2)}\n\n{told}\n{RESOLUTION}"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f} h"
