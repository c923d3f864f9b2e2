"""Every example in the README and the documentation runs, and prints what the page says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from stillwatch.settings import Settings, load_settings
from tests.docs.examples import blocks, matches, refreshed, run_page

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_EXAMPLES = [p for p in PAGES if any(b.language in {"console", "python"} for b in blocks(p))]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_the_page_run(
    page: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "stillwatch-demo" in page.read_text(encoding="utf-8"):
        shutil.copytree(request.getfixturevalue("demo_data"), tmp_path / "stillwatch-demo")
    assert run_page(page) > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_configuration_on_the_page_is_valid(page: Path, tmp_path: Path) -> None:
    for block in blocks(page):
        wrong = (block.title or "").startswith("wrong")  # shown for its mistakes
        if (
            block.language == "yaml"
            and not wrong
            and set(yaml.safe_load(block.body)) <= set(Settings.model_fields)
        ):
            file = tmp_path / f"{block.line}.yaml"
            file.write_text(block.body, encoding="utf-8")
            load_settings(file, {"STILLWATCH_SECRET_FILE": "secret", "HOME": "/srv/me"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_on_the_page_leads_somewhere(page: Path) -> None:
    import re

    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize(
    ("said", "expected", "same"),
    [
        ("a\nb\n", "a\nb", True),
        ("a  \nb\n", "a\nb", True),
        ("a 12 s\n", "a ... s", True),
        ("a\nx\ny\nb\n", "a\n...\nb", True),
        ("a\nb\n", "a\n...\nb", True),
        ("a\nb\n", "a", False),
        ("a\n", "", True),
        ("axc\n", "a.c", False),
    ],
)
def test_output_is_compared_as_the_page_marks_it(said: str, expected: str, same: bool) -> None:
    assert matches(said, expected) is same


def test_an_example_is_refreshed_and_stays_as_short_as_it_was() -> None:
    said = "3 found\n\nname  size\na     12\nb     7\n\nmuch more\nand more\n\nin all: 19\nreport: x\n"
    shown = "2 found\n\nname  size\na     11\n\n...\nin all: 11\nreport: x"
    now = refreshed(shown, said)
    assert now == "3 found\n\nname  size\na     12\nb     7\n\n...\nin all: 19\nreport: x"
    assert matches(said, now)
