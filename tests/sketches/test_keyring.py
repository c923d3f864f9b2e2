"""Key material: one purpose, one pair of keys."""

from __future__ import annotations

from stillwatch.sketches.hashing import PRIME
from stillwatch.sketches.keyring import Purpose, keyring

from .makers import OTHER, SECRET


def test_every_key_is_its_own() -> None:
    ring = keyring(SECRET)
    everything = [*ring.tokens, *ring.shingles, *ring.seals]
    assert len(set(everything)) == len(everything)
    assert len(ring.seals) == 2 * len(Purpose)
    assert ring.point < PRIME


def test_another_secret_has_no_key_in_common() -> None:
    one, other = keyring(SECRET), keyring(OTHER)
    for mine, theirs in zip(one[:3], other[:3], strict=True):
        assert not set(mine) & set(theirs)
    assert one.point != other.point


def test_purposes_keep_their_numbers() -> None:
    assert [p.value for p in Purpose] == list(range(len(Purpose)))
    assert (Purpose.EXCHANGE, Purpose.MARKS, Purpose.DELIVERY) == (0, 26, 29)
