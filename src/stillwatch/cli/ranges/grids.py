"""Words of the ladder's options, `20x50`, `0-3,7`, `0.5,0.1`, as numbers; and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

Value = TypeVar("Value")

Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        metavar="DIR",
        help="Published texts in place of the built-in grammar's.",
        show_default=False,
    ),
]
JsonFile = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Also write everything as JSON.", show_default=False),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, max=2, help="Scans side by side, at most 2.")
]
LogDir = Annotated[
    Path,
    typer.Argument(metavar="LOG_DIR", help="A folder that `range build` wrote.", show_default=False),
]
HIGHEST = 9


def size(word: str, option: str = "--size") -> tuple[int, int]:
    """Return `20x50` as (20 accounts, 50 harvested exchanges each). Raises typer.BadParameter where it is none."""
    found = re.fullmatch(r"([1-9]\d{0,5})[x×]([1-9]\d{0,5})", word.strip())
    if found is None:
        raise _bad(option, "accounts and exchanges of each, such as 20x50", word)
    return int(found[1]), int(found[2])


def share(word: str, option: str = "--share") -> float:
    """Return a share above 0, at most 1. Raises typer.BadParameter where it is none."""
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise _bad(option, "a share above 0 and at most 1, such as 0.1", word)
    return value


def multiple(word: str, option: str = "--background") -> int:
    """Return a whole number of at least 1. Raises typer.BadParameter where it is none."""
    if not re.fullmatch(r"[1-9]\d{0,5}", word.strip()):
        raise _bad(option, "how many times the harvest, such as 100", word)
    return int(word)


def level(word: str, option: str = "--rungs") -> int:
    """Return `L6` or `6` as 6. Raises typer.BadParameter where there is no such rung."""
    found = re.fullmatch(r"[lL]?(\d)", word.strip())
    if found is None or int(found[1]) > HIGHEST:
        raise _bad(option, f"a rung from L0 to L{HIGHEST}", word)
    return int(found[1])


def levels(text: str, option: str = "--rungs") -> list[int]:
    """Return `0-3,7` as rungs, ascending, each once. Raises typer.BadParameter where one is none."""
    chosen: set[int] = set()
    for word in text.split(","):
        first, dash, last = word.partition("-")
        low = level(first, option)
        high = level(last, option) if dash else low
        if high < low:
            raise _bad(option, "rungs in order, such as 0-9", word)
        chosen |= set(range(low, high + 1))
    return sorted(chosen)


def listed(text: str, option: str, one: Callable[[str, str], Value]) -> list[Value]:
    """Return the values of a list with commas, each once, in their order."""
    return list(dict.fromkeys(one(word, option) for word in text.split(",")))


def _bad(option: str, wanted: str, given: str) -> typer.BadParameter:
    return typer.BadParameter(f"expected {wanted}, got {given!r}", param_hint=option)
