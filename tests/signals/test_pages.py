"""The page of a signal says what its code does: the table, the null, the constants it quotes."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import stillwatch.signals
from stillwatch.evidence.group import Signal
from stillwatch.evidence.row import AXES, Block
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

PAGES = Path(__file__).parents[2] / "docs" / "signals"
MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.iter_modules(stillwatch.signals.__path__, "stillwatch.signals.")
]
CONSTANT = re.compile(r"`([A-Z][A-Z_]+)` \(([^)]+)\)")

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])


def page(module: ModuleType) -> str:
    return (PAGES / f"{module.__name__.rpartition('.')[2]}.md").read_text(encoding="utf-8")


def signals_of(module: ModuleType) -> list[Signal]:
    return list(getattr(module, "SIGNALS", None) or (module.SIGNAL,))


def facts(signal: Signal) -> str:
    """Return the row of a signal in the table of its page."""
    fields = ", ".join(f"`{field}`" for field in signal.fields)
    ceiling = getattr(signal, "ceiling", None)
    most = "–" if ceiling is None else f"10^{ceiling:g}"
    return f"| `{signal.name}` | {signal.axis} | {signal.block} | {fields} | {most} |"


@each_module
def test_the_table_holds_axis_block_fields_and_ceiling(module: ModuleType) -> None:
    rows = [line for line in page(module).splitlines() if line.startswith("| `")]
    assert rows == [facts(signal) for signal in signals_of(module)]


@each_module
def test_the_null_stands_there_word_for_word(module: ModuleType) -> None:
    for signal in signals_of(module):
        assert f"> {signal.null[0].upper()}{signal.null[1:]}." in page(module)


@each_module
def test_constants_that_the_page_quotes_are_the_codes(module: ModuleType) -> None:
    text = " ".join(page(module).split())
    for name, value in CONSTANT.findall(text):
        assert str(getattr(module, name)) == value, f"{name} is {getattr(module, name)}"


@each_module
def test_a_page_tells_what_a_reader_of_a_finding_asks(module: ModuleType) -> None:
    against = set(signals_of(module)) <= set(COUNTER_SIGNALS)
    asked = ["What it looks at", "Null hypothesis", "Blind to", "Source"]
    asked += ["Discount"] if against else ["Evidence", "Ceiling", "Innocent readings"]
    assert [part for part in asked if f"## {part}\n" not in page(module)] == []


def test_the_overview_puts_every_signal_in_its_cell() -> None:
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    for block in get_args(Block):
        row = next(line for line in text.splitlines() if line.startswith(f"| {block} |"))
        cells = dict(zip(AXES, row.split("|")[2:-1], strict=True))
        for axis, cell in cells.items():
            here = {s.name for s in (*SIGNALS, *COUNTER_SIGNALS) if (s.axis, s.block) == (axis, block)}
            assert set(re.findall(r"\[`(\w+)`\]", cell)) == here
