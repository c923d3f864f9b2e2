"""Placeholders of published templates become slots, whatever manner they are written in."""

from __future__ import annotations

import pytest

from stillwatch.ranges.text.slots import parse
from stillwatch.ranges.text.templates import by_question, in_order, template

ORDER = in_order("{arg0}", "{arg1}", further="{passage%9}")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Q: {question} A: {answer}", "Q: {arg0} A: {arg1}"),
        ("{{ a }}/{{$b}}/{{c}}/{{a}}", "{arg0}/{arg1}/{passage%9}/{arg0}"),
        ("{} and %s and {}", "{arg0} and {arg1} and {passage%9}"),
        ("Write {num_tasks} on {topic}", "Write {d:2-9} on {arg0}"),
        ("{% for x in y %}\n{{ x.text }}{% endfor %}", "{arg0}"),
        ("Here: <INSERT_EXTRACT>.", "Here: {arg0}."),
        ("No place", "No place{gap}{arg0}"),
        (r"\frac{a}{b} of {x}", r"\frac{{a}}{{b}} of {arg0}"),
        ('{"json": 1} {x}', '{{"json": 1}} {arg0}'),
    ],
)
def test_the_first_names_get_the_arguments(text: str, pieces: str) -> None:
    expected = parse(pieces.replace("{gap}", "\n\n"))
    assert _joined(template(text, ORDER)) == _joined(expected)


def _joined(pieces: object) -> list[object]:
    """Neighbouring literals as one: how a literal is cut does not matter."""
    found: list[object] = []
    for piece in pieces:  # type: ignore[attr-defined]
        if piece.text and found and isinstance(found[-1], str):
            found[-1] += piece.text
        else:
            found.append(piece.text or piece)
    return found


def test_what_is_named_like_a_question_gets_the_argument() -> None:
    filled = template("{context} then {user_question}", by_question("{passage*asked}"))
    assert _joined(filled) == _joined(parse("{passage*asked} then {arg0}"))
