"""Planted ids in the operator's shapes: one id stays one id, and ids that repeat another column keep doing so."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.ranges.planting.profile import Profile
from stillwatch.ranges.planting.shapes import Shape, learn

IDS: Final = (
    "exchange_id", "account_id", "org_id", "project_id", "key_id", "end_user_id", "session_id", "response_id",
    "conn_id", "device_id", "tools_hash",
)  # fmt: skip
FAMILY: Final = ("platform", "api")  # gateways and providers number requests in ways of their own
_ENOUGH: Final = 3


@dataclass
class Naming:
    """Makes ids after a profile's sample."""

    profile: Profile
    rng: np.random.Generator
    _shapes: dict[tuple[str, Any], Shape | None] = field(default_factory=dict)
    _made: dict[str, dict[Hashable, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sample = self.profile.sample
        self._columns = {name: sample[name].to_pylist() for name in IDS}
        self._family = list(zip(*(sample[name].to_pylist() for name in FAMILY), strict=True))
        self._at = sample["time"].combine_chunks().cast(pa.int64()).to_pylist()
        self._taken = {name: {v for v in self._columns[name] if v is not None} for name in IDS}
        self._taken["account_id"] |= self.profile.accounts
        self.repeats = {name: len(set(known)) < len(known) for name, known in self._given()}
        self.copies = {name: _copied(sample, name) for name in IDS}

    def _given(self) -> Iterator[tuple[str, list[str]]]:
        for name, values in self._columns.items():
            yield name, [v for v in values if v is not None]

    def shape(self, name: str, family: Any = None) -> Shape | None:
        """Return the shape of a column's ids in a family of rows (platform, API), or in all of them."""
        key = (name, family)
        if key not in self._shapes:
            rows = [
                i for i, value in enumerate(self._columns[name])
                if value is not None and family in (None, self._family[i])
            ]  # fmt: skip
            if len(rows) < _ENOUGH and family is not None:
                return self.shape(name)
            values = [self._columns[name][i] for i in rows]
            self._shapes[key] = learn(values, [self._at[i] for i in rows] if name == "exchange_id" else None)
        return self._shapes[key]

    def one_each(self, name: str, keys: Sequence[Hashable]) -> list[str | None]:
        """Return an id of a column for each key: the same for the same key, at every call."""
        known = self._made.setdefault(name, {})
        fresh = [key for key in dict.fromkeys(keys) if key not in known]
        shape = self.shape(name)
        if shape is None:
            return [None] * len(keys)
        for key, value in zip(fresh, shape.make(self.rng, len(fresh), self._taken[name]), strict=True):
            known[key] = value
            self._taken[name].add(value)
        return [known[key] for key in keys]

    def requests(
        self, name: str, at: NDArray[np.int64], families: Sequence[Any], taken: set[str]
    ) -> list[str | None]:
        """Return a fresh id for each request; `at` ascends, `taken` are further ids not to give."""
        found: list[str | None] = [None] * len(at)
        used = self._taken[name] | taken
        for family in dict.fromkeys(families):
            rows = np.array([i for i, f in enumerate(families) if f == family])
            shape = self.shape(name, family)
            made = shape.make_at(self.rng, at[rows], used) if shape else [None] * len(rows)
            for row, value in zip(rows.tolist(), made, strict=True):
                found[row] = value
            used |= {value for value in made if value is not None}
        return found


def _copied(sample: pa.Table, name: str) -> str | None:
    """Return an earlier id column that this one always repeats."""
    column = sample[name]
    if len(sample) - column.null_count < _ENOUGH:
        return None
    for other in IDS[: IDS.index(name)]:
        same = pc.equal(column, sample[other])
        whole = pc.all(pc.fill_null(same, False).filter(pc.is_valid(column)), min_count=0).as_py()
        if whole:
            return other
    return None
