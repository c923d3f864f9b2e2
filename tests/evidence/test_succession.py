"""The facts of a succession are plain numbers that cannot change."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from stillwatch.evidence.succession import Succession


def test_the_facts_cannot_change() -> None:
    facts = Succession("C-1", 8, 100, 7, 5, 2, 0.001, 3.0)
    with pytest.raises(FrozenInstanceError):
        facts.takers = 9  # type: ignore[misc]
