"""What ids look like: their lengths, fixed characters and alphabets, learnt from samples and imitated.

Values of one length and with the same punctuation form a family. Where all of a family have the same character it
is kept; elsewhere characters are drawn from the least common alphabet that holds what was seen, or from exactly
what was seen where many values show no more than a part of it (the variant digit of a UUID).
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LOWER, _UPPER, _DIGIT = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
ALPHABETS: Final = tuple(
    frozenset(a)
    for a in (
        _DIGIT, _DIGIT + "abcdef", _DIGIT + "ABCDEF", _LOWER, _UPPER, _DIGIT + "ABCDEFGHJKMNPQRSTVWXYZ",
        _DIGIT + _LOWER, _DIGIT + _UPPER, _LOWER + _UPPER, _DIGIT + _LOWER + _UPPER,
    )
)  # fmt: skip
_MANY: Final = 200  # values after which a character never seen is taken for one that does not occur
_LEAST: Final = 3  # values of a family before positions are taken for fixed beyond the common prefix
_ROUNDS: Final = 8


@dataclass(frozen=True)
class Family:
    """Ids of one length: the characters that may stand at each place."""

    share: float
    choices: tuple[str, ...]

    def make(self, rng: np.random.Generator, count: int) -> list[str]:
        """Return `count` ids, equal ones among them by chance only."""
        columns = [
            np.full(count, c) if len(c) == 1 else np.array(list(c))[rng.integers(0, len(c), count)]
            for c in self.choices
        ]
        return ["".join(row) for row in np.stack(columns, axis=1).tolist()] if columns else [""] * count


@dataclass(frozen=True)
class Shape:
    """The families of a column's ids; `ordered` holds (instant, id) by time where ids grow with time."""

    families: tuple[Family, ...]
    ordered: tuple[tuple[int, str], ...] = ()

    def make(self, rng: np.random.Generator, count: int, taken: Collection[str] = ()) -> list[str]:
        """Return `count` distinct ids, none of those `taken`; longer ones where the shape has no more."""
        known = set(taken)
        made: list[str] = []
        shares = np.array([f.share for f in self.families])
        for extra in range(_ROUNDS * 4):
            lack = count - len(made)
            if not lack:
                break
            picks = rng.choice(len(self.families), lack, p=shares / shares.sum())
            for number in np.unique(picks).tolist():
                family = self.families[number]
                longer = max(0, extra - _ROUNDS + 1)
                wide = Family(1.0, (*family.choices, *([_widest(family)] * longer)))
                for value in wide.make(rng, int((picks == number).sum())):
                    if value not in known:
                        known.add(value)
                        made.append(value)
        return [made[i] for i in rng.permutation(len(made))]

    def make_at(
        self, rng: np.random.Generator, instants: NDArray[np.int64], taken: Collection[str] = ()
    ) -> list[str]:
        """Return an id for each instant (ascending), among its neighbours in time where ids grow with time."""
        made = self.make(rng, len(instants), taken)
        if not self.ordered:
            return made
        known = {*taken, *made}
        found: list[str] = []
        alphabet = sorted(_alphabet(frozenset(_moving(self.families[0]))))
        for instant, loose in zip(instants.tolist(), made, strict=True):
            place = bisect.bisect(self.ordered, (instant, "\U0010ffff"))
            pair = [value for _, value in self.ordered[max(0, place - 1) : place + 1]]
            value = _between(rng, pair, alphabet, known)
            found.append(loose if value is None else value)
            known.add(found[-1])
        return found


def _between(rng: np.random.Generator, pair: list[str], alphabet: list[str], known: set[str]) -> str | None:
    """Return an unknown id between two neighbours in time; None where none was found."""
    if len(pair) < 2 or len(pair[0]) != len(pair[1]):
        return None
    low, high = pair
    kept = _common(pair)
    for _ in range(_ROUNDS * 4):
        drawn = rng.choice(alphabet, len(low)).tolist()
        value = "".join(c if i < kept or not c.isalnum() else drawn[i] for i, c in enumerate(low))
        if low < value < high and value not in known:
            return value
    return None


def _moving(family: Family) -> str:
    """Return the characters that change within a family."""
    return "".join(choice for choice in family.choices if len(choice) > 1)


def learn(values: Sequence[str], instants: Sequence[int] | None = None) -> Shape | None:
    """Return the shape of ids; None where there are none. `instants` tell whether ids grow with time."""
    if not values:
        return None
    grouped: dict[tuple[int, str], list[str]] = defaultdict(list)
    for value in dict.fromkeys(values):
        grouped[len(value), "".join("-" if c.isalnum() else c for c in value)].append(value)
    total = sum(map(len, grouped.values()))
    families = tuple(_family(group, len(group) / total) for _, group in sorted(grouped.items()))
    ordered = _ordered(values, instants) if instants is not None and len(families) == 1 else ()
    return Shape(families, ordered)


def _family(values: list[str], share: float) -> Family:
    if len(values) < _LEAST:  # too few to tell what is fixed: keep the words before the last punctuation
        kept = _prefix_of(values)
        alphabet = "".join(sorted(_alphabet(frozenset("".join(values)[kept:]))))
        places = [c if i < kept or not c.isalnum() else alphabet for i, c in enumerate(values[0])]
        return Family(share, tuple(places))
    choices = []
    for seen in (frozenset(column) for column in zip(*values, strict=True)):
        if len(seen) == 1:
            choices.append(next(iter(seen)))
        else:
            full = _alphabet(seen)
            wide = seen if len(values) >= _MANY and 2 * len(seen) <= len(full) else full
            choices.append("".join(sorted(wide)))
    return Family(share, tuple(choices))


def _prefix_of(values: list[str]) -> int:
    """Return the characters of the first value up to its last punctuation, within the common prefix."""
    common = _common(values) if len(values) > 1 else len(values[0])
    return max((i + 1 for i, c in enumerate(values[0][:common]) if not c.isalnum()), default=0)


def _common(values: list[str]) -> int:
    first, last = min(values), max(values)
    return next(
        (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
    )


def _alphabet(seen: frozenset[str]) -> frozenset[str]:
    letters = frozenset(c for c in seen if c.isalnum())
    whole = next((a for a in ALPHABETS if letters <= a), letters)
    return (whole | seen) if letters else (seen or ALPHABETS[1])


def _widest(family: Family) -> str:
    return max(family.choices, key=len, default=_DIGIT) if family.choices else _DIGIT


def _ordered(values: Sequence[str], instants: Sequence[int]) -> tuple[tuple[int, str], ...]:
    pairs = sorted(zip(instants, values, strict=True))
    rising = sum(a[1] < b[1] for a, b in pairwise(pairs))
    return tuple(pairs) if len(pairs) > _LEAST and rising >= 0.98 * (len(pairs) - 1) else ()
