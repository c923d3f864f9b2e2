"""The alternatives of a grammar, cut into literals and slots.

    {rule}  {rule*2-5}  {rule*2-5|, }  {rule*said}  {rule*asked|\\n}  {rule%30}  {c:0:rule}  {t:0:rule}
    {n}  {f}  {f2}  {num}  {d:1-6}  {v:3:2-40}  {calc}  {hex:8}  {arg0}  {arg1}  {{  }}

Any slot may begin with `^`, which sets the first letter of what it writes in upper case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

LARGEST = 2**31 - 1  # of a number in a slot; the kernel holds them in 32 bits
LONGEST_HEX = 1024  # digits: what the kernel keeps free at the end of its buffer
BUILT_IN = ("n", "f", "f2", "num", "calc")


class Op(IntEnum):
    """What a piece writes; the numbers are those of the compiled program."""

    LITERAL = 0
    RULE = 1  # an expansion of a rule
    NOUN = 2  # {n}; up to HEX: values that need no rule
    FOCUS = 3  # {f} {f2}: a = 0, 1
    NUMBER = 4  # {num}
    UNIFORM = 5  # {d:a-b}
    FIGURE = 6  # {v:K:a-b}: c = K
    CALC = 7  # {calc}
    HEX = 8  # {hex:a}
    REPEAT = 9  # {rule*a-b}; from here on: what opens a frame
    MEASURED = 10  # {rule*said} {rule*asked}: a = 0, 1
    CHOSEN = 11  # {t:K:rule}: a = K
    BOUND = 12  # {c:K:rule}: a = K; from here on: what opens a context of its own
    STORED = 13  # {rule%N}: a = N
    ARGUMENT = 14  # {arg0} {arg1}: a = 0, 1


OF_A_RULE = frozenset({Op.RULE, Op.BOUND, Op.CHOSEN, Op.STORED, Op.REPEAT, Op.MEASURED})


@dataclass(frozen=True)
class Piece:
    """A literal or a slot of an alternative."""

    op: Op
    text: str = ""  # of a literal
    rule: str = ""
    a: int = 0
    b: int = 0
    c: int = 0
    separator: str | None = None  # between repetitions; None: the language's joiner
    capital: bool = False


@dataclass(frozen=True)
class Alternative:
    """One way to write a rule, and how likely it is beside the others (a whole number)."""

    pieces: tuple[Piece, ...]
    weight: int = 1


_CUT = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_NAME = r"(?P<rule>[a-z_][a-z0-9_]*)"
_RANGE = r"(?P<a>\d+)-(?P<b>\d+)"
_SEPARATED = r"(?:\|(?P<separator>.*))?"
_FORMS: tuple[tuple[Op, re.Pattern[str]], ...] = tuple(
    (op, re.compile(form, re.DOTALL))
    for op, form in (
        (Op.RULE, _NAME),
        (Op.UNIFORM, rf"d:{_RANGE}"),
        (Op.FIGURE, rf"v:(?P<c>\d+):{_RANGE}"),
        (Op.BOUND, rf"c:(?P<a>\d+):{_NAME}"),
        (Op.CHOSEN, rf"t:(?P<a>\d+):{_NAME}"),
        (Op.STORED, rf"{_NAME}%(?P<a>\d+)"),
        (Op.REPEAT, rf"{_NAME}\*{_RANGE}{_SEPARATED}"),
        (Op.REPEAT, rf"{_NAME}\*(?P<a>\d+){_SEPARATED}"),
        (Op.MEASURED, rf"{_NAME}\*(?P<measure>said|asked){_SEPARATED}"),
        (Op.HEX, r"hex:(?P<a>\d+)"),
    )
)
_WORDS = {
    "n": Piece(Op.NOUN),
    "f": Piece(Op.FOCUS, a=0),
    "f2": Piece(Op.FOCUS, a=1),
    "num": Piece(Op.NUMBER),
    "calc": Piece(Op.CALC),
    "arg0": Piece(Op.ARGUMENT, a=0),
    "arg1": Piece(Op.ARGUMENT, a=1),
}
RESERVED = frozenset(_WORDS)


def literal(text: str) -> Piece:
    """Return text that stands as it is, braces and all."""
    return Piece(Op.LITERAL, text=text)


def parse(text: str) -> tuple[Piece, ...]:
    """Cut one alternative into its pieces; a ValueError says what is wrong with a slot and what to write."""
    pieces: list[Piece] = []
    held = ""  # literal text not yet a piece
    at = 0
    for cut in _CUT.finditer(text):
        held += text[at : cut.start()]
        at = cut.end()
        if cut[0] in ("{{", "}}"):
            held += cut[0][0]
        elif cut[0] in ("{", "}"):
            raise ValueError(f"a single {cut[0]!r}: write {cut[0] * 2!r} for a literal brace")
        else:
            pieces += [literal(held)] if held else []
            pieces.append(slot(cut[0][1:-1]))
            held = ""
    held += text[at:]
    return (*pieces, literal(held)) if held else tuple(pieces)


def slot(written: str) -> Piece:
    """Return the piece of what stands between braces."""
    capital, inside = written.startswith("^"), written.removeprefix("^")
    if inside in _WORDS:
        return replace(_WORDS[inside], capital=capital)
    for op, form in _FORMS:
        found = form.fullmatch(inside)
        if found is not None:
            return _checked(op, {k: v for k, v in found.groupdict().items() if v is not None}, capital)
    raise ValueError(
        f"unknown slot {{{written}}}: write a rule in lower case, one of {sorted(_WORDS)}, d:1-6, v:0:2-40, "
        "c:0:rule, t:0:rule, rule%3, rule*1-4, rule*said, rule*asked or hex:8; {{ and }} are literal braces"
    )


def _checked(op: Op, found: dict[str, str], capital: bool) -> Piece:
    numbers = {key: int(found[key]) for key in "abc" if key in found}
    if op is Op.REPEAT:
        numbers.setdefault("b", numbers["a"])
    if max(numbers.values(), default=0) > LARGEST:
        raise ValueError(f"the number {max(numbers.values())} is over {LARGEST}")
    if numbers.get("b", LARGEST) < numbers.get("a", 0):
        raise ValueError(f"the range {numbers['a']}-{numbers['b']} runs backwards: write the lower end first")
    if op in (Op.STORED, Op.HEX) and numbers["a"] == 0:
        raise ValueError("a count of 0 in a slot: write at least 1")
    if op is Op.HEX and numbers["a"] > LONGEST_HEX:
        raise ValueError(f"{numbers['a']} hex digits are over {LONGEST_HEX}: repeat a rule of fewer")
    if op is Op.MEASURED:
        numbers["a"] = int(found["measure"] == "asked")
    separator = found["separator"].replace("\\n", "\n") if "separator" in found else None
    a, b, c = (numbers.get(key, 0) for key in "abc")
    return Piece(op, rule=found.get("rule", ""), a=a, b=b, c=c, separator=separator, capital=capital)
