"""Marks as text: every figure under its head, and nothing said of what was not examined."""

from __future__ import annotations

import re

from stillwatch.intents.training.evaluate import Marks, Report
from stillwatch.intents.training.show import tables

MARKS = Marks(1_234, 56_789, 0.8766, 0.432, 0.654, 0.00123, 0.0456)
NOTHING = Report({}, {}, {}, {}, {}, {})


def report(**said: object) -> Report:
    return Report(**{name: said.get(name, {}) for name in Report.__dataclass_fields__})  # type: ignore[arg-type]


def test_every_mark_stands_in_its_column() -> None:
    told = tables({"exam": report(labels={"reasoning_elicitation": MARKS, "vision": MARKS})})
    lines = told.splitlines()
    head = next(line for line in lines if line.startswith("label"))
    rows = [line for line in lines if line.startswith(("reasoning", "vision"))]
    expected = ["1,234", "56,789", "0.877", "43.2%", "65.4%", "0.123%", "0.046"]
    assert [row.split()[1:] for row in rows] == [expected, expected]
    assert {len(line) for line in (head, *rows)} == {len(head)}
    names = ["label", "positives", "negatives", "AUPRC", "recall@0.1%", "recall", "false pos.", "ECE"]
    assert head.split() == " ".join(names).split()


def test_every_report_is_told_under_its_name_in_order() -> None:
    told = tables({"exam": NOTHING, "range r1": NOTHING})
    assert re.findall(r"== (.*) ==", told) == ["exam", "range r1"]


def test_what_was_not_examined_is_not_mentioned() -> None:
    told = tables({"exam": NOTHING})
    for word in ("language", "source", "family", "fixtures", "innocent"):
        assert word not in told


def test_one_language_or_source_alone_needs_no_table() -> None:
    one = report(languages={"fr": MARKS}, sources={"exam": MARKS})
    two = report(languages={"fr": MARKS, "de": MARKS}, sources={"exam": MARKS, "range": MARKS})
    assert "by language" not in tables({"x": one}) and "by source" not in tables({"x": one})
    told = tables({"x": two})
    assert "by language" in told and "by source" in told
    assert told.index("\nfr ") < told.index("\nde ")


def test_families_and_look_alikes_are_named_with_their_shares() -> None:
    shares = {"vision": {"tutoring": 0.25, "rag_answer": 0.004}, "preference": {}}
    told = tables({"x": report(families={"full_trace": 0.875, "inline_tags": 1.0}, look_alikes=shares)})
    assert "recall by family: full_trace 88%, inline_tags 100%" in told
    assert "  vision: tutoring 25.0%, rag_answer 0.4%" in told
    assert "preference" not in told


def test_fixtures_that_are_wrong_are_named() -> None:
    assert "fixtures: 2 of 3 wrong a, c" in tables({"x": report(fixtures={"c": True, "b": False, "a": True})})
    assert tables({"x": report(fixtures={"b": False})}).endswith("fixtures: 0 of 1 wrong")
