"""Donors: rows of the operator's own log after which planted rows are made, client class by client class.

A client class is a user agent, SDK, platform and API. A planted program becomes one class; within it, each kind of
request (with a system text or not, with tools or not, failed or not) follows one donor row: which optional fields it
leaves out, its prints, its platform. One program sends one pattern, as programs do, drawn as often as the log has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.ranges.planting.profile import Profile, failed

CLASS: Final = ("user_agent", "sdk", "platform", "api")
# What a donor row must have in common with the planted row, the weightier first.
_ALIKE: Final = ("system", "tool_calls", "tools")
_UNWRITTEN: Final = ("embeddings",)  # APIs that carry no answer in words

Rows = NDArray[np.int64]  # places in the sample


@dataclass
class Donors:
    """Chooses donor rows from a profile's sample; what was chosen once for a program stays."""

    profile: Profile
    rng: np.random.Generator
    _class: NDArray[np.int64] = field(init=False)
    _programs: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _models: dict[tuple[Any, ...], str | None] = field(default_factory=dict)
    _anchors: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sample = self.profile.sample
        keys = pc.binary_join_element_wise(*(_told(sample[name]) for name in CLASS), "\x1f")
        coded = keys.combine_chunks().dictionary_encode()
        self._class = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        self._names = [tuple(k.split("\x1f")) for k in coded.dictionary.to_pylist()]
        self._failed = failed(sample)
        api = pc.fill_null(pc.is_in(sample["api"], pa.array(_UNWRITTEN)), False).to_numpy()
        words = sample["has_messages"].to_numpy() & ~api
        said = sample["has_output"].to_numpy() | ("output" not in self.profile.columns)
        self._usable = words & said & ~self._failed
        if not self._usable.any():
            self._usable = words & ~self._failed
        self._account = sample["account_id"].combine_chunks().dictionary_encode().indices.to_numpy()
        self._model = sample["model"].to_pylist()
        self._status = pc.fill_null(sample["status"], 0).to_numpy()

    @property
    def any(self) -> bool:
        """Whether the sample has a row that could be a donor."""
        return bool(self._usable.any())

    def program(self, user_agent: str | None, sdk: str | None, platform: str | None) -> int:
        """Return the client class that stands for a planted program on a platform.

        Of the same software where the log knows it, else of any that is a browser as this one is or is not; classes
        are drawn by how much they are used, and of the planted platform if the log has it.
        """
        key = (user_agent, sdk, platform)
        if key not in self._programs:
            self._programs[key] = self._draw_class(user_agent or "", platform or "")
        return self._programs[key]

    def _draw_class(self, user_agent: str, platform: str) -> int:
        classes = np.unique(self._class[self._usable])
        names = [self._names[c] for c in classes.tolist()]
        for wanted in (
            [_product(n[0]) == _product(user_agent) and n[2] == platform for n in names],
            [_product(n[0]) == _product(user_agent) for n in names],
            [_browses(n[0]) == _browses(user_agent) and n[2] == platform for n in names],
            [_browses(n[0]) == _browses(user_agent) for n in names],
        ):
            if any(wanted):
                classes = classes[np.array(wanted)]
                break
        weights = np.array([self._weight(c) for c in classes.tolist()])
        return int(self.rng.choice(classes, p=weights / weights.sum()))

    def _weight(self, client: int) -> float:
        """Return how often a class is drawn: its software by its accounts, of the software's classes by their rows."""
        product = _product(self._names[client][0])
        alike = [c for c, name in enumerate(self._names) if _product(name[0]) == product]
        rows = np.flatnonzero(self._usable & np.isin(self._class, alike))
        return float(len(np.unique(self._account[rows])) * len(self.rows(client)) / len(rows))

    def rows(self, client: int) -> Rows:
        """Return the usable sample rows of a class."""
        return np.flatnonzero(self._usable & (self._class == client))

    def model(self, client: int, planted: int) -> str | None:
        """Return the model that stands for a planted one: as often as the class's rows ask for it."""
        key = (client, planted)
        if key not in self._models:
            known = [self._model[i] for i in self.rows(client).tolist() if self._model[i] is not None]
            used = {self._models[k] for k in self._models if k[0] == client}
            fresh = [m for m in known if m not in used] or known
            self._models[key] = fresh[int(self.rng.integers(len(fresh)))] if fresh else None
        return self._models[key]

    def like(self, client: int, model: str | None, traits: Sequence[int], status: int | None) -> int:
        """Return a donor row: of the class and model, with the same bodies.

        `traits` say whether it has system, tool_calls and tools (1, 0; -1: either will do). `status` is that of a
        refused request, None of one that was answered.
        """
        rows = self.rows(client) if status is None else self._refused(client)
        sample = self.profile.sample
        score = 8.0 * np.array([self._model[i] == model for i in rows.tolist()])
        for weight, name, has in zip((4, 2, 1), _ALIKE, traits, strict=True):
            if has >= 0:
                score += weight * (sample[f"has_{name}"].to_numpy()[rows] == bool(has))
        if status is not None:
            score += 16.0 * (self._status[rows] == status)
        anchor = self._anchors.get(client)
        score += 0.5 * (self._account[rows] == (-1 if anchor is None else anchor))
        chosen = self._one(rows[score == score.max()])
        self._anchors.setdefault(client, int(self._account[chosen]))
        return chosen

    def _one(self, rows: Rows) -> int:
        """Return one of some rows: of an account first, so that nobody counts for how much they send."""
        accounts = self._account[rows]
        account = self.rng.choice(np.unique(accounts))
        return int(self.rng.choice(rows[accounts == account]))

    def _refused(self, client: int) -> Rows:
        own = np.flatnonzero(self._failed & (self._class == client))
        return own if len(own) else np.flatnonzero(self._failed)


def _told(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column, "")


def _product(user_agent: str) -> str:
    return user_agent.split("/")[0].split(" ")[0].lower()


def _browses(user_agent: str) -> bool:
    return user_agent.startswith("Mozilla")
