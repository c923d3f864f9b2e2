"""Planting: a campaign of one's choice put into one's own traffic, and what a scan would have made of it."""

from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.planting.plant import Planted, Reading, plant
from stillwatch.ranges.planting.wish import Wish, rung_of, size_of

__all__ = ["PlantError", "Planted", "Reading", "Wish", "plant", "rung_of", "size_of"]
