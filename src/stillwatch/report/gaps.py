"""What could not be said: the signals that a log left silent or hard of hearing, and for lack of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from stillwatch.campaigns.coverage import ACCOUNTS, ANY_SUFFICES
from stillwatch.campaigns.model import FieldCoverage

# failed requests carry no answer and clients differ in what they send: a tenth missing is everyday
EVERYDAY = 0.9


@dataclass(frozen=True, slots=True)
class Gap:
    """A signal that said nothing (`silent`), or less than it could, and the fields it lacked."""

    signal: str
    silent: bool
    fields: tuple[tuple[str, float], ...]  # field, share of rows that carry it (0..1), rarest first


def gaps(coverage: Iterable[FieldCoverage]) -> tuple[Gap, ...]:
    """Return the signals that lacked fields, the silent ones first.

    A signal that needs each of its fields is silent when one is absent; one that reads whichever are there
    is silent when all are.
    """
    rows = list(coverage)
    share: dict[str, float] = {}
    needs: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        name = row.field.removeprefix(ACCOUNTS)  # a field of either table serves
        share[name] = max(share.get(name, 0.0), row.share)
        for signal in row.signals:
            needs[signal].setdefault(name, row.field)
    found = []
    for signal, fields in needs.items():
        lacking = sorted((share[name], shown) for name, shown in fields.items() if share[name] < EVERYDAY)
        absent = sum(s == 0 for s, _ in lacking)
        silent = absent == len(fields) or (absent > 0 and signal not in ANY_SUFFICES)
        if lacking:
            found.append(Gap(signal, silent, tuple((shown, s) for s, shown in lacking)))
    return tuple(sorted(found, key=lambda gap: (not gap.silent, gap.signal)))
