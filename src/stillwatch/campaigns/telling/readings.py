"""Innocent readings of a group, the best fitting first: what each explains, what it leaves, what it predicts in vain.

A reading is held against the group's own rows. The rows it would bring about as well are taken out, and the group
is judged again: what then still speaks for the finding is left unexplained. What speaks against the finding as the
reading predicts is counted for it, and a prediction whose fields are there and that does not show, against it. The sum
orders the readings; it is no probability, and none of them is ever ruled out by it.
"""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.campaigns.judging import Judged
from stillwatch.campaigns.model import InnocentReading
from stillwatch.campaigns.telling.catalogue import Reading, catalogue
from stillwatch.campaigns.telling.retrial import Case
from stillwatch.evidence.row import TELLING, Axis
from stillwatch.signals import COUNTER_SIGNALS

MOST_READINGS = 3
IN_VAIN = 1.0  # orders of ten, for each row that a reading predicts and that is not there
DENIED = 3.0  # the same, for a row that it cannot do without
MOST_FOR = 6.0  # orders of ten that one row may speak for a reading


def readings(case: Case, tested: Sequence[Axis], present: frozenset[str]) -> tuple[InnocentReading, ...]:
    """Return the innocent readings of a group that fit best.

    `tested` are the axes of its verdict; `present` the fields that carry a value, of the log and of the accounts table.
    """
    fitting = [reading for reading in catalogue() if reading.fits(case.judged.group.size)]
    held = [_held(reading, case, tested, present) for reading in fitting]
    order = {reading.slug: place for place, reading in enumerate(fitting)}
    return tuple(sorted(held, key=lambda r: (-round(r.fit, 6), order[r.slug]))[:MOST_READINGS])


def _held(reading: Reading, case: Case, tested: Sequence[Axis], present: frozenset[str]) -> InnocentReading:
    judged = case.judged
    rest = case.again([row for row in judged.evidence if row.signal not in reading.explains])
    left = {axis: rest.axes[axis] for axis in tested}
    against = [
        row
        for row in (*judged.counter, *judged.evidence)
        if row.signal in (*reading.must, *reading.shows) and row.log10_e <= -TELLING
    ]
    missing = tuple(n for n in (*reading.must, *reading.shows) if _in_vain(n, judged, present))
    speaking = [row for row in judged.evidence if row.log10_e >= TELLING and row.axis in tested]
    fit = sum(min(-row.log10_e, MOST_FOR) for row in against)
    fit -= sum(DENIED if name in reading.must else IN_VAIN for name in missing)
    return InnocentReading(
        slug=reading.slug,
        title=reading.title,
        says=reading.says,
        fit=fit - sum(max(value, 0.0) for value in left.values()),
        left=left,
        explains=tuple(dict.fromkeys(r.signal for r in speaking if r.signal in reading.explains)),
        speaks_for=tuple(dict.fromkeys(row.signal for row in against)),
        unexplained=tuple(dict.fromkeys(r.signal for r in speaking if r.signal not in reading.explains)),
        missing=missing,
        check=reading.check,
    )


def _in_vain(name: str, judged: Judged, present: frozenset[str]) -> bool:
    """Return whether a counter-signal could have spoken, its fields being there, and did not."""
    of_name = [signal for signal in COUNTER_SIGNALS if signal.name == name]
    spoken = any(row.signal == name and row.log10_e <= -TELLING for row in judged.counter)
    return bool(of_name) and not spoken and all(set(signal.fields) <= present for signal in of_name)
