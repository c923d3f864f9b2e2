"""What would have had to be different: a group judged again by the same code and the same cuts, on other rows.

The rest of the list is left as it was, and so is the workload that the group is shown on. Rows are taken out, never
measured again: what a signal would have said of other traffic is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from stillwatch.campaigns.judging import Finding, Judged, Outcome
from stillwatch.campaigns.judging.decide import Bar, fit_for, standing
from stillwatch.campaigns.model import Confidence, Enough, Lack, Verdict, Without
from stillwatch.campaigns.telling.respond import confidence, lowered
from stillwatch.evidence.composition import Part, price, product_of
from stillwatch.evidence.group import Population, Signal
from stillwatch.evidence.row import AXES, TELLING, Axis, Evidence
from stillwatch.signals import SIGNALS

MOST_TRIED = 8  # heaviest rows of an axis that are taken out together
LARGEST_SET = 4
FINEST = 0.1  # orders of ten, to which evidence that would be enough is sought
SHOWN_ENOUGH = 3
EARLIER = "earlier_scans"  # the price of groups that earlier scans proposed


@dataclass(frozen=True)
class Court:
    """By what groups of one scan were judged."""

    bars: Mapping[Verdict, Bar]
    min_accounts: int
    population: Population

    def for_single(self, finding: Finding) -> Court:
        """Return the court of single accounts, where the finding is one; itself where it is not."""
        if finding.verdict != "bulk_extraction":
            return self
        return replace(self, bars={"bulk_extraction": Bar(dict(finding.cuts))})

    def sentence(self, judged: Judged) -> tuple[Verdict | None, Confidence | None]:
        """Return the verdict and confidence that a group would have; None where it would not be named."""
        verdict = standing(judged, self.bars, self.min_accounts)
        if verdict is None:
            return None, None
        *_earlier, last = (bar := self.bars[verdict]).cuts
        smallest = min(judged.axes[axis] for axis in bar.cuts)
        found = Finding(judged, verdict, smallest, bar.cuts[last])
        return verdict, confidence(found, lowered(found, self.population))


def court_of(outcome: Outcome, population: Population) -> Court:
    """Return by what a scan's groups were judged."""
    return Court(outcome.bars, outcome.min_accounts, population)


@dataclass(frozen=True)
class Case:
    """A group that was judged, and how its axes came about."""

    judged: Judged
    composed: Mapping[Axis, Part]

    @classmethod
    def of(cls, judged: Judged) -> Case:
        """Return the case, with what the list took off an axis for groups proposed in earlier scans."""
        return cls(judged, {axis: _paid(part, judged.axes[axis]) for axis, part in judged.composed().items()})

    def again(self, evidence: Iterable[Evidence], counter: Iterable[Evidence] | None = None) -> Judged:
        """Return the group as it would be judged on these rows."""
        rows = tuple(evidence)
        against = self.judged.counter if counter is None else tuple(counter)
        after = self.judged.composed(rows, against)
        axes = {axis: after[axis].log10_e + _taken(self.composed[axis]) for axis in AXES}
        return replace(self.judged, evidence=rows, counter=against, axes=axes)


def _paid(part: Part, value: float) -> Part:
    short = value - part.log10_e
    return product_of(part.name, [*part.parts, price(EARLIER, short)]) if short < -1e-9 else part


def _taken(part: Part) -> float:
    return sum(paid.log10_e for paid in part.parts if paid.name == EARLIER)


def without(case: Case, court: Court, tested: Sequence[Axis]) -> Iterator[Without]:
    """Yield what the group would be without each row of weight, each block, the fewest rows that decide, each against.

    Only rows of the axes `tested` are taken out one by one and in sets.
    """
    rows = case.judged.evidence
    speaking = [row for row in rows if row.log10_e >= TELLING and row.axis in tested]
    for row in speaking:
        verdict, sure = court.sentence(case.again([r for r in rows if r is not row]))
        yield Without("row", (row.signal,), verdict, sure)
    for block in sorted({row.block for row in speaking}):
        gone = [row for row in rows if row.block == block]
        verdict, sure = court.sentence(case.again([r for r in rows if r.block != block]))
        names = tuple(sorted({row.signal for row in gone if row.log10_e >= TELLING}))
        yield Without("block", names, verdict, sure, block)
    smallest = _smallest(case, court, speaking)
    if smallest is not None:
        yield smallest
    for row in case.judged.counter:
        verdict, sure = court.sentence(case.again(rows, [r for r in case.judged.counter if r is not row]))
        yield Without("against", (row.signal,), verdict, sure)


def _smallest(case: Case, court: Court, speaking: Sequence[Evidence]) -> Without | None:
    """Return the fewest rows without which the verdict would be another; None where `LARGEST_SET` are too few.

    All rows of a set lie on one axis: a verdict falls as soon as one of its axes does.
    """
    now, _sure = court.sentence(case.judged)
    for size in range(1, LARGEST_SET + 1):
        for axis in AXES:
            heaviest = sorted((r for r in speaking if r.axis == axis), key=lambda r: (-r.log10_e, r.signal))
            for gone in combinations(heaviest[:MOST_TRIED], size):
                left = [row for row in case.judged.evidence if all(row is not g for g in gone)]
                verdict, sure = court.sentence(case.again(left))
                if verdict != now:
                    return Without("smallest", tuple(row.signal for row in gone), verdict, sure)
    return None


def lacks(judged: Judged, court: Court) -> Iterator[Lack]:
    """Yield what a group lacked for each verdict: axes first, then what no number makes up for."""
    for verdict, bar in court.bars.items():
        for axis, needed in bar.of(judged.axes).items():
            if judged.axes[axis] < needed:
                yield Lack(verdict, "axis", axis, needed - judged.axes[axis])
        if fit_for(judged, verdict, court.min_accounts):
            continue
        if verdict != "related_accounts" and judged.group.size < court.min_accounts:
            yield Lack(verdict, "size")
        elif verdict == "distillation_campaign":
            yield Lack(verdict, "work")
        else:
            yield Lack(verdict, "tie")


def enough(case: Case, axis: Axis, needed: float) -> tuple[Enough, ...]:
    """Return the signals that could each have lifted an axis to `needed`, those that had to say least first.

    A signal can say no more than its ceiling (one that states none is left out); one that spoke already would have had
    to say more.
    """
    found = []
    for signal in SIGNALS:
        if signal.axis == axis:
            weight = _weight_for(case, signal, needed)
            if weight is not None:
                silent = all((row.signal, row.axis) != (signal.name, axis) for row in case.judged.evidence)
                found.append(Enough(signal.name, axis, signal.block, weight, silent))
    return tuple(sorted(found, key=lambda e: (e.log10_e, e.silent, e.signal))[:SHOWN_ENOUGH])


def _weight_for(case: Case, signal: Signal, needed: float) -> float | None:
    """Return what a signal's row had to weigh for its axis to reach `needed`; None beyond its ceiling."""
    others = [r for r in case.judged.evidence if (r.signal, r.axis) != (signal.name, signal.axis)]
    spoken = max((r.log10_e for r in case.judged.evidence if r not in others), default=0.0)

    def reached(steps: int) -> bool:
        row = Evidence(signal.name, signal.axis, signal.block, steps * FINEST, signal.null, "", "", 0, (), "")
        return case.again([*others, row]).axes[signal.axis] >= needed

    low, high = int(max(spoken, 0.0) / FINEST), int((getattr(signal, "ceiling", None) or 0.0) / FINEST)
    if high <= low or not reached(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return round(high * FINEST, 1)
