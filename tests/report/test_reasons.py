"""Grounds in words say what decides, why a word stands there, and what was lacking; never more than the numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stillwatch.campaigns.model import CONFIDENCES, STEPS, Enough, Lack, Without
from stillwatch.evidence.row import AXES
from stillwatch.report.reasons import confidence_table, margins, what_decides, why_not, why_this_word
from stillwatch.report.words import CONFIDENCE_STEPS

from .makers import campaign, examined, grounds, three

ACCUSING = "distillation_campaign"
DOCS = Path(__file__).parents[2] / "docs"


def without(*found: Without):
    return campaign(grounds=grounds((), without=found))


def test_each_axis_says_what_it_had_to_reach_and_by_how_much_it_did() -> None:
    told = margins(
        grounds((), needed={"coordination": 3.5, "evasion": 9.0}), {"coordination": 4.0, "evasion": 7.0}
    )
    assert told["coordination"] == "It had to reach +3.5 and has 0.5 to spare."
    assert told["evasion"] == "It had to reach +9.0 and is 2.0 short."
    assert told["extraction"] == "Not tested for this verdict."
    assert margins(None, {}) == {} == margins(grounds((), needed={}), {})


def test_a_signal_that_decides_is_named_with_what_would_be_left() -> None:
    said = what_decides(campaign())
    assert said[0] == (
        "Without contradicting identities it would be named related accounts; no other single signal decides."
    )
    assert "Without retry handed over it would be “suspected” only." in said
    assert (
        "If public tool did not speak against it, it would be named a distillation campaign, “high”." in said
    )


def test_where_no_signal_decides_it_is_said_with_the_fewest_that_do() -> None:
    said = what_decides(
        without(
            Without("row", ("even_load",), ACCUSING, "likely"),
            Without("block", ("even_load", "joint_window"), None, None, "timing"),
            Without("smallest", ("even_load", "joint_window"), None),
        )
    )
    assert said == [
        "No single signal decides: without any one of them it would still be named a distillation campaign.",
        "Without any trace of timing (even load and joint window) it would not be named.",
        "The fewest it hangs on: even load and joint window together.",
    ]


def test_a_kind_of_trace_is_not_named_again_where_a_signal_of_it_decides_alike() -> None:
    said = what_decides(
        without(
            Without("row", ("even_load",), None),
            Without("block", ("even_load", "joint_window"), None, None, "timing"),
        )
    )
    assert said == ["Without even load it would not be named."]


def test_a_campaign_carried_on_from_an_earlier_scan_says_so_and_one_without_grounds_nothing() -> None:
    assert "earlier scan" in what_decides(campaign(grounds=grounds((), needed={})))[0]
    assert what_decides(campaign(grounds=None)) == []
    assert why_this_word(campaign(grounds=None)) == list(campaign().caps)


def test_the_word_is_explained_by_its_distance_from_the_cut_and_what_would_raise_it() -> None:
    told = why_this_word(
        campaign(log10_e=4.9, axes={"coordination": 16.0, "extraction": 11.0, "evasion": 4.9})
    )
    assert (
        told[0]
        == "The tested evidence, +4.9, lies 3.4 orders of ten above the cut of +1.5: “consistent with”."
    )
    assert told[1].startswith("A step lower, since")
    assert told[2] == (
        "“Likely” begins 4 above the cut: 0.6 more on evasion. "
        "Enough by itself would be scattered network of +3.1 (silent here)."
    )


def test_the_last_word_cannot_be_raised() -> None:
    (only,) = why_this_word(campaign(log10_e=20.0, caps=()))
    assert "“high”" in only and "begins" not in only


@pytest.mark.parametrize(("step", "word"), list(zip(STEPS, CONFIDENCES, strict=True)))
def test_the_words_are_those_of_the_code(step: float, word: str) -> None:
    assert dict(CONFIDENCE_STEPS)[word] == step  # type: ignore[index]


def test_the_documentation_holds_the_table_of_the_code() -> None:
    assert confidence_table() in (DOCS / "results.md").read_text(encoding="utf-8")


def test_an_innocent_group_is_told_what_it_lacked_and_what_would_have_been_enough() -> None:
    said = why_not(examined())
    assert said == [
        "Evasion is 3.5 short of the +2.4 it needed.",
        "It is too small a group to be one, and its identities do not contradict each other.",
        "But for declared common organisation it would be named a distillation campaign, “suspected”.",
        "Evasion: Enough by itself would be scattered network of +3.1 (silent here).",
    ]
    assert why_not(examined(grounds=None)) == []


@pytest.mark.parametrize("what", ["tie", "work", "size"])
def test_what_no_number_makes_up_for_has_a_sentence(what) -> None:
    (said,) = why_not(examined(grounds=grounds((), without=(), enough=(), lacks=(Lack(ACCUSING, what),))))
    assert said.endswith(".")


def test_no_sentence_speaks_of_guilt_or_of_where_somebody_is_from() -> None:
    enough = tuple(Enough("even_load", axis, "timing", 2.0, silent=False) for axis in AXES)
    every = [campaign(grounds=grounds((), enough=enough)), *three()]
    text = " ".join(line for c in every for line in (*what_decides(c), *why_this_word(c))).lower()
    assert not re.search(r"guilt|culprit|criminal|attacker|countr|language|time zone", text)
