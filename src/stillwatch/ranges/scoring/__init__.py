"""Scoring: a detector's results and the truth in, every figure with its interval out."""

from stillwatch.ranges.scoring.database import ScoreInputError
from stillwatch.ranges.scoring.record import as_json
from stillwatch.ranges.scoring.score import Score, score
from stillwatch.ranges.scoring.show import render

__all__ = ["Score", "ScoreInputError", "as_json", "render", "score"]
