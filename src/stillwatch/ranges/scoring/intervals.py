"""Exact intervals for shares and rates: Clopper and Pearson's for a share, Garwood's for a Poisson rate.

Sources: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of
the binomial", Biometrika 26 (1934); F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28
(1936). Nothing seen in n gives the upper bound that the rule of three names: about 3/n at 95 %, one-sided.
"""

from __future__ import annotations

from scipy.stats import beta, chi2


def clopper_pearson(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the two-sided interval of a share, `hits` of `trials`; (0, 1) where there was no trial.

    Raises ValueError where `hits` is not within 0..`trials` or `level` not within (0, 1).
    """
    _check(hits, trials, level)
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, trials - hits + 1))
    high = 1.0 if hits == trials else float(beta.ppf(1 - tail, hits + 1, trials - hits))
    return low, high


def share_at_most(hits: int, trials: int, level: float = 0.95) -> float:
    """Return the one-sided upper bound of a share; 1 where there was no trial. Errors as `clopper_pearson`."""
    _check(hits, trials, level)
    return 1.0 if hits == trials else float(beta.ppf(level, hits + 1, trials - hits))


def poisson_at_most(events: int, level: float = 0.95) -> float:
    """Return the one-sided upper bound of a Poisson mean after `events` events: 3.0 after none, at 95 %.

    Raises ValueError where `events` is negative or `level` not within (0, 1).
    """
    _check(events, max(events, 0), level)
    return float(chi2.ppf(level, 2 * (events + 1))) / 2


def poisson_at_least(events: int, level: float = 0.95) -> float:
    """Return the one-sided lower bound of a Poisson mean after `events` events. Errors as `poisson_at_most`."""
    _check(events, max(events, 0), level)
    return 0.0 if events == 0 else float(chi2.ppf(1 - level, 2 * events)) / 2


def _check(hits: int, trials: int, level: float) -> None:
    if not 0 <= hits <= trials:
        raise ValueError(f"expected a count from 0 to {trials}, found {hits}")
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, found {level}")
