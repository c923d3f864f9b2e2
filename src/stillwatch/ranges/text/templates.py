"""Templates of published programs, their placeholders turned into slots.

Five manners of writing a placeholder are known: `{{name}}` (Jinja, Handlebars; `{{$name}}` of Semantic Kernel),
`{name}` and `{}` (Python), `%s`, `<INSERT_NAME>`. Jinja's control blocks are dropped, their contents stay once.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stillwatch.ranges.text.slots import Piece, literal, parse

_CONTROL = re.compile(r"\{[%#].*?[%#]\}\n?", re.DOTALL)
_NAME = r"\$?[A-Za-z_][\w.\[\]'\" |()]{0,58}"
_PLACEHOLDER = re.compile(
    rf"\{{\{{-?\s*(?P<double>{_NAME})\s*-?\}}\}}"
    rf"|(?<![\w{{\\}}])\{{(?P<single>{_NAME})\}}(?!\}})"  # not \frac{a}{b}, not {{escaped}}
    r"|(?<![\w{\\}])(?P<empty>\{\})(?!\})"
    r"|(?P<insert><(?:INSERT|ADD)_[A-Z_]+>)|(?P<percent>%s)"
)
_COUNT = re.compile(
    r"^(k|n|i|idx|index|count|num.*|n_.*|number.*|max.*|min.*|.*_(count|num|number|index|id))$", re.I
)
_ASKED = re.compile(r"question|query|input|message|user|prompt|request", re.I)

Fill = Callable[[str], str]  # placeholder's name, lower case, to a slot


def in_order(*slots: str, further: str) -> Callable[[], Fill]:
    """Return a way to fill: the first names get the slots, each further name the last one."""

    def fresh() -> Fill:
        given: dict[str, str] = {}

        def fill(name: str) -> str:
            if _COUNT.match(name):
                return "{d:2-9}"
            if name not in given:
                given[name] = slots[len(given)] if len(given) < len(slots) else further
            return given[name]

        return fill

    return fresh


def by_question(document: str) -> Callable[[], Fill]:
    """Return a way to fill: what is named like a question gets the argument, everything else a document."""

    def fill(name: str) -> str:
        if _COUNT.match(name):
            return "{d:2-9}"
        return "{arg0}" if _ASKED.search(name) else document

    return lambda: fill


def template(text: str, way: Callable[[], Fill]) -> tuple[Piece, ...]:
    """Return a template's pieces; where no argument found a place, `{arg0}` follows the text."""
    fill, pieces, at, empty = way(), [], 0, 0
    plain = _CONTROL.sub("", text)
    for found in _PLACEHOLDER.finditer(plain):
        name = found["double"] or found["single"] or found["insert"]
        if name is None:
            empty += 1  # `{}` and `%s`: each is another
            name = f"unnamed {empty}"
        if found.start() > at:
            pieces.append(literal(plain[at : found.start()]))
        pieces += parse(fill(name.strip("$ ").lower()))
        at = found.end()
    if at < len(plain):
        pieces.append(literal(plain[at:]))
    written = {piece for piece in pieces if piece.op is parse("{arg0}")[0].op}
    return tuple(pieces) if written else (*pieces, literal("\n\n"), *parse("{arg0}"))
