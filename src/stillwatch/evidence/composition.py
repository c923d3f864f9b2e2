"""How an e-value was put together: a tree from the rows of evidence to the axis, with the value at each node.

What is tested and what is shown are one and the same thing: judging builds the tree and takes its value, the
report draws it. Each operation gives an e-value again (Vovk & Wang 2021, Annals of Statistics 49(3)): the mean
of any, the product of independent ones, a mixture with 1 (`hedge`). A `price` is paid for a choice among
several; an `against` is counter-evidence and can only lower.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stillwatch.evidence.evalues import hedge, product_log10
from stillwatch.evidence.row import Evidence

Operation = Literal["row", "mean", "product", "hedge", "price", "against"]


@dataclass(frozen=True, slots=True)
class Part:
    """One node: its value in orders of ten, and the parts it comes from by an operation."""

    name: str  # of a signal at the leaves, of a block or an axis further up
    operation: Operation
    log10_e: float
    parts: tuple[Part, ...] = ()
    weight: float | None = None  # its share in the mean above it; of a hedge, the share of what is hedged

    def walk(self) -> Iterator[Part]:
        """Yield this node and all below it, parents first."""
        yield self
        for part in self.parts:
            yield from part.walk()


def of_row(row: Evidence) -> Part:
    """Return the leaf of one row that speaks for."""
    return Part(row.signal, "row", row.log10_e)


def against(row: Evidence) -> Part:
    """Return the leaf of one row of counter-evidence: it never speaks for."""
    return Part(row.signal, "against", min(row.log10_e, 0.0))


def price(name: str, log10_e: float) -> Part:
    """Return what is paid for a choice, as a leaf of at most nought; raises ValueError for a gain."""
    if log10_e > 0:
        raise ValueError("a price lowers an e-value; this one would raise it")
    return Part(name, "price", log10_e)


def mean_of(name: str, parts: Sequence[Part], weights: Sequence[float] | None = None) -> Part:
    """Return the mean of dependent e-values; `weights` need not add up to one, without them all are equal.

    Raises ValueError for no parts: the mean of nothing is not defined.
    """
    if not parts:
        raise ValueError("the mean of an empty set of e-values is not defined")
    total = float(len(parts)) if weights is None else float(sum(weights))
    shares = [1.0 / total] * len(parts) if weights is None else [float(weight) / total for weight in weights]
    # few terms, many times over: plain floats are far quicker here than arrays
    top = max(part.log10_e for part in parts)
    if not math.isfinite(top):
        value = top
    else:
        scaled = [share * 10 ** (part.log10_e - top) for part, share in zip(parts, shares, strict=True)]
        value = top + math.log10(math.fsum(scaled))
    if weights is not None:
        parts = [replace(part, weight=share) for part, share in zip(parts, shares, strict=True)]
    return Part(name, "mean", value, tuple(parts))


def product_of(name: str, parts: Sequence[Part]) -> Part:
    """Return the product of independent e-values, prices and counter-evidence; 1 for none."""
    return Part(name, "product", product_log10([part.log10_e for part in parts]), tuple(parts))


def hedged(part: Part, weight: float) -> Part:
    """Return `weight` e + 1 - `weight`: what is beside the point for most pools can then hardly count against one."""
    return Part(part.name, "hedge", hedge(part.log10_e, weight), (part,), weight)
