"""Makers of exchanges and texts for these tests; a test says only what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.sketches.keyring import keyring
from stillwatch.sketches.scripts import SCRIPT_COUNT
from stillwatch.sketches.secret import Secret
from stillwatch.sketches.tokens import dominant, tokenise
from stillwatch.sketches.unicode import MOST_TOKENS_PER_BYTE, unicode_table

SECRET = Secret.from_bytes(bytes(range(32)))
OTHER = Secret.from_bytes(bytes(range(1, 33)))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

WORDS = [
    "the",
    "quick",
    "model",
    "answers",
    "42",
    "tasks",
    "https://example.com/a?b=1",
    "İstanbul",
    "Straße",
    "ΣΊΣΥΦΟΣ",
    "ﬁne",
    "ｆｕｌｌ",
    "naïve",
    "naïve",
    "日本語のテキスト",
    "汉字",
    "ภาษาไทย",
    "العَرَبِيَّة",
    "한국어",
    "हिन्दी",
    "👩\u200d👩\u200d👧",
    "3.14",
    "2026-11-02",
    "don't",
    "550e8400-e29b-41d4-a716-446655440000",
    "x_1",
    "a/b/c",
    "://",
    "http://",
    "???",
    "--",
    "'''",
    "é",
    "ﷺ",
    "㌖",
    "Ⅷ",
    "½",
    "١٢٣",
    "aGVsbG8gd29ybGQgdGhpcyBpcyBiYXNlNjQ=",
    "self.model(x)[0];",
    "{}",
    "\u200b",
    "\ufeff",
    "\x00",
    "\u3000",
    "\xa0",
]


def texts() -> st.SearchStrategy[str]:
    """Texts of every kind: arbitrary Unicode, and words that the splitter treats in particular ways."""
    arbitrary = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
    glue = st.sampled_from([" ", "\n", "\t ", "", "-", "/", "\u3000", ", ", "://"])
    words = st.lists(st.tuples(st.sampled_from(WORDS), glue), max_size=80)
    return st.one_of(arbitrary, words.map(lambda parts: "".join(w + g for w, g in parts)))


def turn(role: str, content: str | None) -> dict[str, str | None]:
    return {"role": role, "content": content}


def exchange(**said: Any) -> dict[str, Any]:
    """One plausible exchange."""
    return {"exchange_id": "e1", "time": NOON, "account_id": "a1"} | said


def batch(*exchanges: dict[str, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(exchanges), schema=EXCHANGE_SCHEMA)


def kernel_tokens(data: bytes) -> tuple[np.ndarray, int, int]:
    """(buffer, tokens in it, dominant script) of some bytes."""
    buffer = np.zeros(MOST_TOKENS_PER_BYTE * len(data) + 64, dtype=np.uint64)
    scripts = np.zeros(SCRIPT_COUNT, dtype=np.int64)
    view = np.frombuffer(data, dtype=np.uint8)
    count = tokenise(view, 0, len(data), unicode_table(), keyring(SECRET).tokens, buffer, scripts)
    return buffer, count, dominant(scripts)
