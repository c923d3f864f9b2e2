"""Alternatives are cut at their slots; a bad slot is told with what to write instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.text.slots import Op, Piece, literal, parse


@pytest.mark.parametrize(
    ("written", "piece"),
    [
        ("{verb}", Piece(Op.RULE, rule="verb")),
        ("{^verb}", Piece(Op.RULE, rule="verb", capital=True)),
        ("{n}", Piece(Op.NOUN)),
        ("{^f2}", Piece(Op.FOCUS, a=1, capital=True)),
        ("{d:3-9}", Piece(Op.UNIFORM, a=3, b=9)),
        ("{v:2:5-40}", Piece(Op.FIGURE, a=5, b=40, c=2)),
        ("{c:4:name}", Piece(Op.BOUND, rule="name", a=4)),
        ("{t:4:form}", Piece(Op.CHOSEN, rule="form", a=4)),
        ("{passage%30}", Piece(Op.STORED, rule="passage", a=30)),
        ("{word*2-5}", Piece(Op.REPEAT, rule="word", a=2, b=5)),
        ("{word*3}", Piece(Op.REPEAT, rule="word", a=3, b=3)),
        ("{word*2-5|\\n- }", Piece(Op.REPEAT, rule="word", a=2, b=5, separator="\n- ")),
        ("{word*2-5|}", Piece(Op.REPEAT, rule="word", a=2, b=5, separator="")),
        ("{statement*said}", Piece(Op.MEASURED, rule="statement", a=0)),
        ("{statement*asked|\n}", Piece(Op.MEASURED, rule="statement", a=1, separator="\n")),
        ("{hex:8}", Piece(Op.HEX, a=8)),
        ("{arg1}", Piece(Op.ARGUMENT, a=1)),
    ],
)
def test_each_slot_is_read(written: str, piece: Piece) -> None:
    assert parse(f"a {written}.") == (literal("a "), piece, literal("."))


@given(st.text(max_size=60))
def test_doubled_braces_are_literal(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert parse(doubled) == ((literal(text),) if text else ())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{", "literal brace"),
        ("a } b", "literal brace"),
        ("{Verb}", "unknown slot"),
        ("{two words}", "unknown slot"),
        ("{d:9-3}", "backwards"),
        ("{passage%0}", "at least 1"),
        ("{hex:5000}", "over 1024"),
        ("{d:1-99999999999}", "over"),
        ("{passage%3*2}", "unknown slot"),
    ],
)
def test_a_bad_slot_is_told(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse(written)
