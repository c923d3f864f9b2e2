"""A population: which kinds of traffic a range holds, how much of each, and over how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from stillwatch.ranges.scenarios.kinds import ELASTIC, SINGLE
from stillwatch.ranges.traffic.scene import Part

PIECE: Final = 150_000  # exchanges that are planned at a time


@dataclass(frozen=True)
class Population:
    """Parts of traffic over a number of days."""

    name: str
    parts: tuple[Part, ...]
    days: float

    @property
    def accounts(self) -> int:
        return sum(p.accounts for p in self.parts)

    @property
    def exchanges(self) -> int:
        return sum(p.exchanges for p in self.parts)

    def pieces(self) -> Iterator[Part]:
        """Yield the parts, large ones of unrelated people cut so that each can be planned in memory."""
        for part in self.parts:
            # No piece with fewer than two accounts: some kinds come in pairs.
            most = max(1, part.accounts // 2)
            count = min(most, max(1, -(-part.exchanges // PIECE))) if part.kind in ELASTIC else 1
            for number in range(count):
                yield part if count == 1 else _piece(part, number, count)

    def with_parts(self, *parts: Part) -> Population:
        """Return the population with further parts."""
        return replace(self, parts=(*self.parts, *parts))


def _piece(part: Part, number: int, count: int) -> Part:
    """Return the `number`-th of `count` nearly equal pieces of a part."""
    accounts, exchanges = (
        n * (number + 1) // count - n * number // count for n in (part.accounts, part.exchanges)
    )
    return replace(part, accounts=accounts, exchanges=exchanges, options={**part.options, "piece": number})


def part(kind: str, accounts: int, exchanges: int, name: str | None = None, **options: Any) -> Part:
    """Return a part; a shorter way to write one."""
    return Part(kind, accounts, exchanges, options, name)


def scaled(parts: tuple[Part, ...], scale: float) -> tuple[Part, ...]:
    """Return parts `scale` times as large: more people, more firms, events and houses."""
    found: list[Part] = []
    for each in parts:
        if each.kind in SINGLE or each.accounts == 1:  # one alone stays alone
            copies = max(1, round(scale))
            found += [replace(each, options={**each.options, "copy": n}) for n in range(copies)]
        else:
            accounts = max(2, round(each.accounts * scale))
            found.append(
                replace(each, accounts=accounts, exchanges=max(accounts, round(each.exchanges * scale)))
            )
    return tuple(found)
