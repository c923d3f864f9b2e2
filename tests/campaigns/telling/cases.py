"""Groups judged from rows by the real code, and the court that judged them; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from stillwatch.campaigns.judging import Finding, Judged
from stillwatch.campaigns.judging.axes import axes_of
from stillwatch.campaigns.judging.decide import Bar
from stillwatch.campaigns.model import Verdict
from stillwatch.campaigns.telling.retrial import Court
from stillwatch.evidence.row import Evidence
from tests.report.makers import evidence
from tests.signals.makers import bare_group, population

CARRIED = evidence(signal="conversation_carried", block="responses", log10_e=9.0)
EVEN = evidence(signal="even_load", log10_e=5.0)
SCATTERED = evidence(signal="scattered_payment", axis="evasion", block="payment", log10_e=5.0)
SPREAD = evidence(signal="scattered_network", axis="evasion", block="network", log10_e=5.0)
SHAPE = evidence(signal="harvest_shape", axis="extraction", block="content", log10_e=2.5)
SOUGHT = evidence(signal="sought_capability", axis="extraction", block="content", log10_e=2.0)
REPEATED = evidence(signal="repeated_content", axis="extraction", block="content", log10_e=-6.0)
FULL = (CARRIED, EVEN, SCATTERED, SPREAD, SHAPE, SOUGHT)

BARS = {
    "distillation_campaign": Bar({"coordination": 3.0, "evasion": 2.5, "extraction": 1.5}),
    "resale_pool": Bar({"coordination": 2.5, "evasion": 2.0}),
    "related_accounts": Bar({"coordination": 2.0}),
}


def court(**said: Any) -> Court:
    """Return a court with the bars of a small list."""
    return Court(**{"bars": BARS, "min_accounts": 5, "population": population()} | said)


def judged(
    rows: Sequence[Evidence] = FULL, counter: Sequence[Evidence] = (), size: int = 10, **said: Any
) -> Judged:
    """Return a group as these rows make it."""
    group = bare_group(accounts=np.arange(size), **said)
    return Judged(group, tuple(rows), tuple(counter), axes_of(rows, counter, 1.0))


def found(held: Judged, verdict: Verdict = "distillation_campaign") -> Finding:
    """Return the finding that the court's list would hold of a group."""
    bar = BARS[verdict]
    *_earlier, last = bar.cuts
    return Finding(
        held, verdict, min(held.axes[axis] for axis in bar.cuts), bar.cuts[last], bar.of(held.axes)
    )
