"""The keys of every kernel, derived from the secret, one purpose each."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from stillwatch.sketches.buffers import Words
from stillwatch.sketches.hashing import PRIME
from stillwatch.sketches.marks import SHINGLE_KEYS
from stillwatch.sketches.secret import Secret
from stillwatch.sketches.tokens import POSITIONS


class Purpose(IntEnum):
    """A key space. The same text under two purposes gives unrelated keys.

    Shared on purpose: ANSWER by `output_key` and `history_keys` (an answer sent back as history), MARKS by
    `output_marks` and `quoted_marks`, REASONING by blocks issued and presented. New ones go at the end.
    """

    EXCHANGE = 0
    ACCOUNT = 1
    KEY = 2
    END_USER = 3
    SESSION = 4
    ADDRESS = 5
    PREFIX = 6
    ASN = 7
    CONNECTION = 8
    DEVICE = 9
    JA4 = 10
    HEADERS = 11
    AGENT = 12
    SDK = 13
    CLIENT = 14
    SYSTEM = 15
    TOOLS = 16
    FORMAT = 17
    PARAMS = 18
    CONTENT = 19
    FIRST_TURN = 20
    CONVERSATION = 21
    TURNS = 22
    SYSTEM_SHINGLES = 23
    USER_SHINGLES = 24
    ANSWER = 25
    MARKS = 26
    SKELETON = 27
    REASONING = 28
    DELIVERY = 29


class Keyring(NamedTuple):
    """Key material as kernels take it."""

    tokens: Words  # (POSITIONS,)
    shingles: Words  # (SHINGLE_KEYS,)
    seals: Words  # (2 * len(Purpose),): two for each purpose
    point: np.uint64  # where the polynomials are evaluated, below 2^61 - 1


@lru_cache(maxsize=8)
def keyring(secret: Secret) -> Keyring:
    """Derive the keys of `secret`."""
    seals = [secret.number(f"sketch/{purpose.name.lower()}/{i}") for purpose in Purpose for i in (0, 1)]
    return Keyring(
        tokens=np.frombuffer(secret.key("sketch/token", 8 * POSITIONS), dtype="<u8").astype(np.uint64),
        shingles=np.frombuffer(secret.key("sketch/shingle", 8 * SHINGLE_KEYS), dtype="<u8").astype(np.uint64),
        seals=np.array(seals, dtype=np.uint64),
        point=np.uint64(secret.number("sketch/point") % int(PRIME)),
    )
