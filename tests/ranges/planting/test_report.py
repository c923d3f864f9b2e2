"""The report says what was planted, what became of it, and what could not be tested; the JSON says the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from stillwatch.ranges.planting import Planted
from stillwatch.ranges.planting.report import show
from stillwatch.ranges.planting.watch import FOUND, MISSED, Looked, Named, Watched
from stillwatch.ranges.trials.leak import Leak

EVIDENCE = {"signal": "even_load", "axis": "coordination", "log10_e": 5.0, "summary": "Loads are dealt out."}
NAMED = Named(
    "C-1", "distillation_campaign", "likely", 9.0, 13, tuple(f"p{i}" for i in range(11)), ("o1", "o2"), 1,
    240, 220, 12, 8,
    (EVIDENCE, EVIDENCE | {"signal": "faint", "log10_e": 0.1}),
)  # fmt: skip
LEAK = Leak("planted", 240, 90_000, 12, "C-1", 5.0, 100, 40_000, 50, 2.5, 5.0, None)


def seen(done: Planted) -> Watched:
    assert done.watched is not None
    return replace(done.watched, outcome=FOUND, best=NAMED, named=(NAMED,), leak=LEAK)


def test_a_find_is_told_in_full(watched: tuple[Path, Planted]) -> None:
    done = watched[1]
    text = show(done.manifest, seen(done), ("one thing is not tested",))
    for words in (
        "dedicated_pool: 12 accounts, 240 exchanges", "FOUND", "as distillation_campaign C-1, likely, log10 e 9.0",
        "11 of 12 (91.7%)", "220 of 240 (91.7%) of the exchanges named", "5.0 h after its first exchange",
        "at most 100 of 240", "50 exchanges had leaked",
        "2 were drawn into it, 1 of them in no campaign before: o1, o2",
        "even_load", "shared_payment", "one thing is not tested", "presumed honest",
    ):  # fmt: skip
        assert words in text, words
    assert "faint" not in text


def test_a_miss_is_told_with_what_was_looked_at(watched: tuple[Path, Planted]) -> None:
    done = watched[1]
    looked = (Looked("12 accounts", 12, 240, {}, "they share a desk"),)
    missed = replace(
        seen(done), outcome=MISSED, best=None, named=(), looked=looked, leak=replace(LEAK, reported_as=None)
    )
    text = show(done.manifest, missed, ())
    assert "MISSED" in text and "they share a desk" in text and "all 240 exchanges leaked" in text


def test_without_a_scan_it_says_so(planted: tuple[Path, Planted]) -> None:
    assert "nothing was scanned" in planted[1].report()


def test_the_files_hold_the_report(watched: tuple[Path, Planted]) -> None:
    folder, done = watched
    assert (folder / "plant_report.txt").read_text() == done.report() + "\n"
    found = json.loads((folder / "plant_report.json").read_text())
    assert found["outcome"] == done.watched.outcome  # type: ignore[union-attr]
    assert found["manifest"]["planted"]["accounts"] == 12
    assert found["prefixes"][-1]["until"].startswith("2026-09-0")


def test_what_was_named_for_a_while_only_is_told_so(watched: tuple[Path, Planted]) -> None:
    done = watched[1]
    text = show(done.manifest, replace(seen(done), outcome=MISSED, best=None), ())
    assert "MISSED" in text and "names it no longer" in text
