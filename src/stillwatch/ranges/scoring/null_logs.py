"""Many logs without a campaign: how often a false one is reported, against what the dial promises.

On such a log every accusing campaign is false, so its false-discovery proportion is 1 if there is any and 0 if
not, and the share of logs with one estimates the false-discovery rate that the dial bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillwatch.ranges.scoring.enforcement import PER
from stillwatch.ranges.scoring.intervals import poisson_at_most
from stillwatch.ranges.scoring.natures import ACCUSES
from stillwatch.ranges.scoring.score import Score
from stillwatch.ranges.scoring.shares import Share


@dataclass(frozen=True, slots=True)
class NullLogs:
    """False campaigns over independent logs that hold none, and the honest accounts they cost."""

    with_false: Share  # logs with at least one false campaign; its share is the false-discovery rate
    dial: float  # the rate that was promised
    wrong: Share  # honest accounts enforced, over all logs
    account_months: float | None  # None where the span of any log is unknown

    @property
    def within_dial(self) -> bool:
        """The promise is not contradicted: the lower end of the 95 % interval does not exceed the dial."""
        return self.with_false.interval[0] <= self.dial

    @property
    def per_million(self) -> float | None:
        """Wrong enforcements per million account-months."""
        return self.wrong.hits / self.account_months * PER if self.account_months else None

    @property
    def per_million_at_most(self) -> float | None:
        """The one-sided 95 % upper bound of `per_million`."""
        return poisson_at_most(self.wrong.hits) / self.account_months * PER if self.account_months else None


def null_logs(scores: Sequence[Score], dial: float) -> NullLogs:
    """Sum up the scores of logs without a campaign. Raises ValueError where a log's truth holds one."""
    for place, score in enumerate(scores):
        if any(c.nature == ACCUSES for c in score.campaigns):
            raise ValueError(f"log {place} holds a campaign; give logs without any")
    months = [score.enforcement.account_months for score in scores]
    known = [m for m in months if m is not None]
    return NullLogs(
        with_false=Share(sum(score.false > 0 for score in scores), len(scores)),
        dial=dial,
        wrong=Share(
            sum(score.enforcement.wrong.hits for score in scores),
            sum(score.enforcement.wrong.of for score in scores),
        ),
        account_months=sum(known) if len(known) == len(months) else None,
    )
