"""E-values: arithmetic, tests of counts, calibrators, cross-fitting, and control of errors."""

from __future__ import annotations

from stillwatch.evidence.evalues.arithmetic import (
    CEILING,
    LN10,
    clip,
    hedge,
    log10_of,
    mean_log10,
    product_log10,
    weighted_mean_log10,
)
from stillwatch.evidence.evalues.calibrators import mixture_calibrator, p_of, power_calibrator
from stillwatch.evidence.evalues.control import (
    boost_factor,
    closed_e_bh,
    discrete_tail,
    e_benjamini_hochberg,
    lognormal_tail,
    per_family_cut,
    weighted_e_bh,
)
from stillwatch.evidence.evalues.counts import (
    bernoulli_product,
    bernoulli_ratio,
    binomial_excess,
    overdispersed_excess_of,
    poisson_excess,
    poisson_excess_of,
)
from stillwatch.evidence.evalues.crossfit import cross_fit, split_likelihood_ratio

__all__ = [
    "CEILING",
    "LN10",
    "bernoulli_product",
    "bernoulli_ratio",
    "binomial_excess",
    "boost_factor",
    "clip",
    "closed_e_bh",
    "cross_fit",
    "discrete_tail",
    "e_benjamini_hochberg",
    "hedge",
    "log10_of",
    "lognormal_tail",
    "mean_log10",
    "mixture_calibrator",
    "overdispersed_excess_of",
    "p_of",
    "per_family_cut",
    "poisson_excess",
    "poisson_excess_of",
    "power_calibrator",
    "product_log10",
    "split_likelihood_ratio",
    "weighted_e_bh",
    "weighted_mean_log10",
]
