"""One statement by one signal about a set of streams or accounts: the unit of proof.

`log10_e` is the base-10 logarithm of an e-value: a non-negative number whose mean is at most one if the
null hypothesis holds (Vovk & Wang 2021, Annals of Statistics 49(3)). Positive speaks against the null,
negative for it. Evidence is kept for and against.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Axis = Literal["coordination", "extraction", "evasion"]
Block = Literal["network", "payment", "registration", "client", "timing", "content", "responses"]

AXES: tuple[Axis, ...] = ("coordination", "extraction", "evasion")

TELLING = 0.5  # orders of ten; with less, a row's sentence does not claim what its signal looks for


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one signal holds about one group, in numbers and in a sentence."""

    signal: str
    axis: Axis
    block: Block
    log10_e: float
    null: str  # the hypothesis the e-value is tested against, in words
    observed: str
    expected: str  # under the null
    n: int  # how many observations it rests on
    fields: tuple[str, ...]  # fields of the exchange or accounts table that it needs
    summary: str  # a sentence for a person

    def as_dict(self) -> dict[str, Any]:
        """Return the row as `campaigns.json` writes it (the block beside the fixed keys)."""
        return {**asdict(self), "fields": list(self.fields), "log10_e": round(self.log10_e, 4)}
