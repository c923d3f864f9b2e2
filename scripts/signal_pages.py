"""Writes docs/signals/: a page a signal, from the signal's own docstring, where claim and code meet.

Run it after changing a signal: `python scripts/signal_pages.py`. A page without the mark on its first line
was written by hand and is left alone.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import stillwatch.signals

FOLDER = Path(__file__).parents[1] / "docs" / "signals"
MARK = "<!-- from the docstring of {}; run scripts/signal_pages.py -->"
PARTS = ("Null", "Evidence", "Blind to", "Source")
_PART = re.compile(rf"^({'|'.join(PARTS)})\s{{2,}}", re.MULTILINE)


def modules() -> list[ModuleType]:
    """Return the modules of signals, by name."""
    found = pkgutil.iter_modules(stillwatch.signals.__path__, "stillwatch.signals.")
    return [importlib.import_module(module.name) for module in found]


def signals_of(module: ModuleType) -> list[Any]:
    """Return the signals that a module defines."""
    return list(getattr(module, "SIGNALS", None) or (module.SIGNAL,))


def stem(module: ModuleType) -> str:
    """Return the name of a module's page."""
    return module.__name__.rpartition(".")[2]


def page(module: ModuleType) -> str:
    """Return the page of a signal module as Markdown."""
    head, *told = _PART.split((module.__doc__ or "").strip())
    title, _, rest = head.partition("\n")
    name, _, claim = title.partition(": ")
    lines = [MARK.format(module.__name__), "", f"# {name}", "", _sentence(claim), ""]
    if rest.strip():
        lines += [_joined(rest), ""]
    lines += ["| signal | axis | block | fields it needs |", "|---|---|---|---|"]
    for signal in signals_of(module):
        fields = ", ".join(f"`{field}`" for field in signal.fields)
        lines.append(f"| `{signal.name}` | {signal.axis} | {signal.block} | {fields} |")
    for part, text in zip(told[::2], told[1::2], strict=True):
        lines += ["", f"## {part}", "", _joined(text)]
    return "\n".join(lines) + "\n"


def overview(text: str, found: list[ModuleType]) -> str:
    """Return the overview page with its table of signals renewed; the prose above it stays."""
    prose = text.split("\n| page |")[0].rstrip("\n")
    rows = ["", "| page | signals | axis |", "|---|---|---|"]
    for module in found:
        signals = signals_of(module)
        title = (module.__doc__ or "").split(":")[0]
        names = ", ".join(dict.fromkeys(f"`{signal.name}`" for signal in signals))
        axes = ", ".join(dict.fromkeys(signal.axis for signal in signals))
        against = " (against)" if set(signals) & set(stillwatch.signals.COUNTER_SIGNALS) else ""
        rows.append(f"| [{title}]({stem(module)}.md) | {names} | {axes}{against} |")
    return prose + "\n" + "\n".join(rows) + "\n"


def expected() -> dict[Path, str]:
    """Return what each page should hold; pages written by hand are left out."""
    found = modules()
    pages = {FOLDER / f"{stem(module)}.md": page(module) for module in found}
    by_hand = [p for p in pages if p.exists() and not p.read_text(encoding="utf-8").startswith("<!-- from")]
    index = FOLDER / "index.md"
    wanted = {path: text for path, text in pages.items() if path not in by_hand}
    return wanted | {index: overview(index.read_text(encoding="utf-8"), found)}


def _joined(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    for path, text in expected().items():
        path.write_text(text, encoding="utf-8")
        print(path.name)
