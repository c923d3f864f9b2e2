"""The documentation covers what there is: signals, settings, exit codes, formats, and the site's menu."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import yaml

from stillwatch.cli.exits import ExitCode
from stillwatch.exchanges.detect import READER_MODULES
from stillwatch.settings import Settings
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


class _Mkdocs(yaml.SafeLoader):
    """mkdocs.yml with its Python tags read as plain text."""


_Mkdocs.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda loader, suffix, node: suffix)


def test_every_signal_has_a_page() -> None:
    """A page bears the signal's name, or the signals of one family share a page that names each."""
    pages = {
        p.stem: p.read_text(encoding="utf-8") for p in (DOCS / "signals").glob("*.md") if p.stem != "index"
    }
    names = {signal.name for signal in (*SIGNALS, *COUNTER_SIGNALS)}
    assert not [n for n in sorted(names) if n not in pages and not any(f"`{n}`" in t for t in pages.values())]


def test_the_signal_pages_say_what_the_signals_say() -> None:
    spec = importlib.util.spec_from_file_location("signal_pages", ROOT / "scripts" / "signal_pages.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    stale = [p.name for p, text in script.expected().items() if p.read_text(encoding="utf-8") != text]
    assert not stale, f"run `python scripts/signal_pages.py`: {stale}"


def test_every_reader_has_a_page() -> None:
    pages = [p.read_text(encoding="utf-8") for p in (DOCS / "formats").glob("*.md") if p.stem != "index"]
    assert not [name for name in READER_MODULES if not any(f"`{name}`" in page for page in pages)]


def test_every_setting_is_on_the_configuration_page() -> None:
    text = (DOCS / "reference" / "configuration.md").read_text(encoding="utf-8")
    for section, info in Settings.model_fields.items():
        for key in info.annotation.model_fields:  # type: ignore[union-attr]
            assert f"`{section}.{key}`" in text


def test_every_exit_code_is_on_its_page() -> None:
    text = (DOCS / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {code.value} |" in text


def test_every_page_is_in_the_menu_and_every_entry_is_a_page() -> None:
    site = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Mkdocs)

    def files(entry: object) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        if isinstance(entry, dict):
            return [f for value in entry.values() for f in files(value)]
        assert isinstance(entry, list)
        return [f for value in entry for f in files(value)]

    pages = {str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md")}
    by_overview = {p for p in pages if p.startswith("signals/") and p != "signals/index.md"}
    assert set(files(site["nav"])) == pages - by_overview


def test_every_signal_page_is_linked_from_the_overview() -> None:
    text = (DOCS / "signals" / "index.md").read_text(encoding="utf-8")
    pages = {p.name for p in (DOCS / "signals").glob("*.md")} - {"index.md"}
    assert not [page for page in pages if f"({page})" not in text]
