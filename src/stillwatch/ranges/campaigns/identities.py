"""Identities that campaigns sign up with: how far their papers give them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from stillwatch.ranges.actors.roster import DISPOSABLE_MAIL
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.traffic.pool import Identity
from stillwatch.ranges.traffic.scene import DAY, Scene

_CARDS_EACH: Final = 6  # accounts a careless operator pays with one card


def careless(scene: Scene, campaign: str) -> Identity:
    """Signed up in one week from one disposable mail domain, a card for every few accounts (rung L2)."""
    key = scene.ids("cards", campaign, count=1)[0]

    def identity(rng: np.random.Generator, count: int) -> dict[str, Any]:
        week = 7 * DAY * (1 + rng.random())
        return {
            "born": -week + DAY * 5 * rng.random(count),
            "mail": int(rng.choice(DISPOSABLE_MAIL)),
            "card": mix(key, np.arange(count, dtype=np.uint64) // np.uint64(_CARDS_EACH)),
            "verification": 1,
            "programme": -1,
        }

    return identity


def virtual_cards(scene: Scene, campaign: str) -> Identity:
    """A card for each account, throwaway or free mail, mixed sign-up dates; now and then a card stolen here."""

    def identity(rng: np.random.Generator, count: int) -> dict[str, Any]:
        given = scene.throwaway(rng, count)
        known = scene.roster.rows["card"]
        own = scene.ids("virtual", campaign, scene.roster.size, count=count)
        if len(known):
            stolen = rng.random(count) < 0.01
            own = np.where(stolen, known[rng.integers(0, len(known), count)], own)
        return given | {"card": own}

    return identity


def aged(scene: Scene, campaign: str) -> Identity:
    """Accounts bought from resellers of old accounts: ordinary ages, free mail, verified by phone."""

    def identity(rng: np.random.Generator, count: int) -> dict[str, Any]:
        return {
            "born": -DAY * np.minimum(rng.lognormal(4.6, 1.1, count), 1500),
            "plan": rng.choice([0, 0, 1, 2], count),
        }

    return identity


IDENTITIES: Final[dict[str, Callable[[Scene, str], Identity]]] = {
    "careless": careless,
    "virtual_cards": virtual_cards,
    "aged": aged,
}
