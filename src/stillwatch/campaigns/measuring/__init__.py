"""Measuring: what a proposed group did and showed, counted; one file a kind of measurement."""

from __future__ import annotations

from stillwatch.campaigns.measuring.bench import Bench, set_up
from stillwatch.campaigns.measuring.measure import measure

__all__ = ["Bench", "measure", "set_up"]
