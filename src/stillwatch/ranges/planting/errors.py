"""What can go wrong while planting: the log, the accounts or the wish cannot be used."""

from __future__ import annotations


class PlantError(Exception):
    """Nothing can be planted. The message says what is missing, what cannot be tested, and what to do."""
