"""A share with its exact interval: what every figure of a score is made of."""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.ranges.scoring.intervals import clopper_pearson


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`; without any trial the share is None and the interval says nothing."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """The share itself, 0..1."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Clopper and Pearson's 95 % interval, as if the trials were independent."""
        return clopper_pearson(self.hits, self.of)

    def record(self) -> dict[str, float | int | None]:
        """Return the share as JSON knows it."""
        low, high = self.interval
        return {"hits": self.hits, "of": self.of, "share": self.share, "low": low, "high": high}

    def __str__(self) -> str:
        return "–" if self.share is None else f"{self.share:.1%}"


def harmonic_mean(a: float | None, b: float | None) -> float | None:
    """Return the harmonic mean of two shares (F1), None where either is; 0 where both are 0."""
    if a is None or b is None:
        return None
    return 2 * a * b / (a + b) if a + b else 0.0
