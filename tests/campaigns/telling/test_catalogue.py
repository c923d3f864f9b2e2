"""The catalogue knows every signal, invents none, and gives a person something to look up."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest

import stillwatch.signals
from stillwatch.campaigns.telling.catalogue import Reading, catalogue, readings_table
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS

DOCS = Path(__file__).parents[3] / "docs"
KNOWN = {signal.name for signal in SIGNALS}
MODULES = {found.name for found in pkgutil.iter_modules(stillwatch.signals.__path__)}

# Signals that no innocent reading brings about by itself would be listed here with the reason. There is none.
UNEXPLAINED: frozenset[str] = frozenset()

each_reading = pytest.mark.parametrize("reading", catalogue(), ids=lambda r: r.slug)


def test_every_signal_has_an_innocent_reading() -> None:
    explained = frozenset().union(*(reading.explains for reading in catalogue()))
    assert KNOWN - explained == UNEXPLAINED, "add it to `explains` of the readings that would bring it about"


@each_reading
def test_a_reading_names_only_signals_there_are(reading: Reading) -> None:
    against = {signal.name for signal in COUNTER_SIGNALS}
    assert reading.explains <= KNOWN | MODULES
    assert {*reading.shows, *reading.must} <= KNOWN | against
    assert not reading.explains & {*reading.shows, *reading.must} or reading.slug in ("bulk_content",)


@each_reading
def test_a_reading_says_what_to_look_up_and_never_where_somebody_is_from(reading: Reading) -> None:
    assert reading.check and reading.says.endswith(".") and reading.title
    text = " ".join((reading.title, reading.says, *reading.check)).lower()
    assert not re.search(r"countr|nation|language|time zone|vpn|guilt|price of a plan", text)


def test_the_documentation_holds_the_readings_of_the_code() -> None:
    assert readings_table() in (DOCS / "false-positives.md").read_text(encoding="utf-8")


def test_slugs_are_told_apart_and_some_readings_are_for_one_account_alone() -> None:
    slugs = [reading.slug for reading in catalogue()]
    assert len(set(slugs)) == len(slugs) >= 12
    assert sum(reading.fits(1) for reading in catalogue()) >= 5
    assert all(reading.fits(9) for reading in catalogue())
