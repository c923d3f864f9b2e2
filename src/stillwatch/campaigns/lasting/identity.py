"""Identity: a campaign keeps its id from scan to scan, as its data grows and its members change.

Without a state the id comes from the campaign's first exchange, which later data do not change. With one, a
campaign that shares enough members or first exchange with an earlier one takes over its id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

SAME = 0.3  # overlap (Jaccard) of members with an earlier campaign


@dataclass(frozen=True)
class Identified:
    """What identity rests on: the first attributed exchange's key, and the members' ids."""

    first_key: int
    members: frozenset[str]


def key_of(account_id: str) -> int:
    """Return a number for an account, where a campaign has no exchange of its own to be named after."""
    return int.from_bytes(hashlib.blake2b(account_id.encode(), digest_size=8).digest(), "big")


def own_id(campaign: Identified) -> str:
    """Return the id that a campaign has by itself."""
    return f"C-{campaign.first_key & 0xFFFFFFFFFF:010x}"


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(len(a | b), 1)


def name_campaigns(found: Sequence[Identified], earlier: dict[str, frozenset[str]]) -> list[str]:
    """Return an id for each campaign, in their order: an earlier one's where they overlap, the most similar first."""
    pairs = sorted(
        (
            (-_overlap(c.members, members), key, i)
            for i, c in enumerate(found)
            for key, members in earlier.items()
        ),
    )
    names: dict[int, str] = {}
    taken: set[str] = set()
    for negative, key, i in pairs:
        if -negative >= SAME and i not in names and key not in taken:
            names[i] = key
            taken.add(key)
    for i, campaign in enumerate(found):
        if i in names:
            continue
        name, again = own_id(campaign), 1
        while name in taken:  # an earlier campaign's id that is not: the same first exchange
            again += 1
            name = f"{own_id(campaign)}-{again}"
        names[i] = name
        taken.add(name)
    return [names[i] for i in range(len(found))]
