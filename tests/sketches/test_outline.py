"""The outline of an answer: what changes it and what does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches.outline import MOST_KEYS, code_share, skeleton

KEY = np.uint64(7)


def outline(text: str) -> int:
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    return int(skeleton(data, 0, len(data), KEY, np.zeros(MOST_KEYS, dtype=np.uint64)))


def share(text: str) -> float:
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    return float(code_share(data, 0, len(data)))


SAME = [
    ("One line.", "Another, longer line.\nAnd one more.\n\nAnd a third."),
    ("1. a\n2. b", "1. a\n2. b\n3) c\n10. d"),
    ("- a\n- b\n* c", "• a"),
    ("Score: 4\nReason: weak", "score: 1\n\nreason: strong and long"),
    ('{"a": 1, "b": [2]}', '{"b": [], "a": "x: y"}'),
    ('[{"a": 1}]', '[{"a": 2}, {"a": "\\"b\\": 3"}]'),
    ("```python\nx = 1\n```", "```python\nfor i in x:\n  - a\n# b\n```"),
    ("<think>\nhm\n</think>", "<think>\nlonger\nthought\n</think>"),
    ("| a |\n|---|\n| b |", "| a |\n|---|\n| b |\n| c |"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_content_and_counts_do_not_change_the_outline(one: str, other: str) -> None:
    assert outline(one) == outline(other)


def test_forms_are_told_apart() -> None:
    forms = [one for one, _ in SAME] + [
        "# a",
        "## a",
        "**a** b",
        "---",
        "Note: a\nb",
        '{"a": 1}',
        "<b>\nx\n</b>",
    ]
    assert len({outline(form) for form in forms}) == len(forms)


@given(st.binary(max_size=60))
def test_any_bytes_have_an_outline_within_bounds(data: bytes) -> None:
    view = np.frombuffer(b"{\n" + data + b'":<', dtype=np.uint8)
    found = skeleton(view, 2, 2 + len(data), KEY, np.zeros(MOST_KEYS, dtype=np.uint64))
    alone = np.frombuffer(data, dtype=np.uint8)
    assert found == skeleton(alone, 0, len(data), KEY, np.zeros(MOST_KEYS, dtype=np.uint64))
    assert (found == 0) == (not data.strip(b" \t\r\n"))
    assert 0.0 <= code_share(view, 2, 2 + len(data)) <= 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0.0),
        ("Plain words only.", 0.0),
        ("```\nany thing\n```", 1.0),
        ("int a = 1;\n}", 1.0),
        ("words\n    call(x)", 7 / 12),
        ("    indented words", 0.0),
    ],
)
def test_the_share_of_code(text: str, expected: float) -> None:
    assert share(text) == pytest.approx(expected)
