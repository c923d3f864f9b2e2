"""Judging: from measured groups to findings, at the rate the operator set."""

from __future__ import annotations

from stillwatch.campaigns.judging.axes import Judged, judge
from stillwatch.campaigns.judging.decide import Earlier, Finding, Outcome, decide, decide_bulk

__all__ = ["Earlier", "Finding", "Judged", "Outcome", "decide", "decide_bulk", "judge"]
