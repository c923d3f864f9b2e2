"""How long texts are: quantiles of prompts and answers of typical clients, in sentences.

Texts of a range are CONDENSE-fold shorter than those of the traces, so that millions can be written; the token counts
an exchange reports are multiplied back. What is kept is the order of groups and clients, and lengths between a few
hundred and 4,800 tokens of the trace; a label of three tokens is written as a sentence and so counts as 120.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.arrivals.tables import table

CONDENSE = 8.0
TOKENS_A_SENTENCE = 15.0
LONGEST = 40
QUANTILES = 64
GROUPS = ("chat", "api", "summarise", "code", "reasoning", "short")


@dataclass(frozen=True)
class LengthTables:
    """Length profiles: `asked` and `said` u16[P, 64] sentences by quantile, P <= 250.

    names    of the profiles; group_of the group of each
    condense how many tokens of the trace one token of the range stands for
    """

    names: tuple[str, ...]
    group_of: tuple[str, ...]
    asked: NDArray[np.uint16]
    said: NDArray[np.uint16]
    condense: float

    @staticmethod
    def load(condense: float = CONDENSE) -> LengthTables:
        """Return the shipped profiles, condensed. Raises ValueError if `condense` is not positive."""
        return _load(float(condense))

    def profiles(self, group: str) -> NDArray[np.uint8]:
        """Return the profiles u8[k] of a group. Raises ValueError naming the groups that exist."""
        if group not in GROUPS:
            raise ValueError(f"there is no group of lengths {group!r}; choose one of {', '.join(GROUPS)}")
        return np.flatnonzero(np.array(self.group_of) == group).astype(np.uint8)

    def tokens(self, written: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the tokens i64[n] that texts of `written` tokens stand for."""
        return np.asarray(np.rint(np.asarray(written) * self.condense), np.int64)


@cache
def _load(condense: float) -> LengthTables:
    if not condense > 0:
        raise ValueError(f"condense: expected more than 0, got {condense}")
    found = table("lengths")["profiles"]
    return LengthTables(
        tuple(p["name"] for p in found),
        tuple(p["group"] for p in found),
        sentences(np.array([p["asked"] for p in found], np.float64), condense),
        sentences(np.array([p["said"] for p in found], np.float64), condense),
        condense,
    )


def sentences(tokens: NDArray[np.float64], condense: float = CONDENSE) -> NDArray[np.uint16]:
    """Return how many sentences write `tokens` of a trace after condensing: u16, 1 to LONGEST, elementwise."""
    return np.clip(np.rint(tokens / (TOKENS_A_SENTENCE * condense)), 1, LONGEST).astype(np.uint16)


def profiles(group: str, least_said: int = 0) -> NDArray[np.uint8]:
    """Return the shipped profiles u8[k] of a group whose median answer has at least `least_said` sentences.

    Raises ValueError naming the groups that exist.
    """
    tables = LengthTables.load()
    found = tables.profiles(group)
    long_enough: NDArray[np.bool_] = np.median(tables.said[found], axis=1) >= least_said
    return np.asarray(found[long_enough], np.uint8)
