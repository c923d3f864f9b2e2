"""The definition itself, on cases a reader can check."""

from __future__ import annotations

import pytest

from stillwatch.sketches import reference
from stillwatch.sketches.reference import LONG


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The Model, v42!", ["the", "model", "v0"]),
        ("3.14 and 2026-11-02", ["0", "and", "0"]),
        ("see https://example.com now", ["see", LONG, "now"]),
        ("550e8400-e29b-41d4-a716-446655440000", [LONG]),
        ("a/b_c", ["a", "b_c"]),
        ("汉字 ok", ["汉", "字", "ok"]),
        ("Straße ﬁne", ["strasse", "fine"]),
        ("don't", ["don", "t"]),
        ("???", []),
    ],
)
def test_tokens(text: str, tokens: list[str | None]) -> None:
    assert reference.tokens(text) == tokens


def test_folding_and_the_visible_answer() -> None:
    assert reference.fold("\u3000 a\t\n b\u00a0") == "a b"
    assert reference.answer("text\n[tool_call:x] {}\nmore") == "text\n"
    assert reference.answer("see [tool_call:x]") == "see [tool_call:x]"
    assert reference.answer("[tool_call:x] {}") == ""


def test_winnowing_keeps_one_of_every_eight() -> None:
    shingles = [(i * 7919) % 1009 for i in range(100)]
    kept = reference.winnow(shingles)
    for start in range(93):
        assert min(shingles[start : start + 8]) in kept
    assert len(kept) < 50
    assert reference.winnow(shingles[:24]) == shingles[:24]
