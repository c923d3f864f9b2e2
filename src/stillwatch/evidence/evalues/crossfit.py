"""Cross-fitting: form a hypothesis on one half of the units, test it on the other, and average both ways.

Each way is an e-value given the half that formed it, and the mean of two e-values is one whatever their
dependence. The same argument makes the split likelihood ratio valid in any family, with no regularity at all
(Wasserman, Ramdas & Balakrishnan 2020, PNAS 117(29), section 3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from stillwatch.evidence.evalues.arithmetic import LN10, mean_log10

Formed = TypeVar("Formed")


def cross_fit(form: Callable[[int], Formed | None], test: Callable[[Formed, int], float]) -> float | None:
    """Return log10 of the mean over both ways; None where neither half forms anything.

    `form(half)` learns from half 0 or 1 and returns None where that half says nothing; `test(formed, half)`
    returns a log10 e-value on the named half, which did not form it. A way that could not be formed counts as
    no evidence (e = 1) instead of being left out: leaving it out would let the data choose the weights.
    """
    formed = [form(half) for half in (0, 1)]
    if formed[0] is None and formed[1] is None:
        return None
    return mean_log10([0.0 if f is None else test(f, 1 - half) for half, f in enumerate(formed)])


def split_likelihood_ratio(alternative: float, best_null: float) -> float:
    """Return log10 of the universal-inference e-value from two natural log-likelihoods of the tested half.

    `alternative` is that of a model fitted on the other half, `best_null` the largest that any null model
    reaches on the tested half (Wasserman, Ramdas & Balakrishnan 2020, equation (5)).
    """
    return (alternative - best_null) / LN10
