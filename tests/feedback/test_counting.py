"""Labels count by operator and by analyst, and only where people agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.feedback.counting import (
    MOST_BY_ONE,
    Count,
    Kind,
    Labelled,
    count,
    judgements,
    kinds_of,
    operators,
    words_of,
)
from stillwatch.feedback.ledger import read_ledger
from tests.feedback.makers import REASONING, harvest, measured, piece, say
from tests.signals.makers import bare_group, group, use

VISION: Kind = ("clear", "vision")
PIECES = st.lists(
    st.builds(
        Labelled,
        entry_id=st.text(max_size=3),
        label=st.sampled_from(["honest", "campaign"]),
        by=st.sampled_from(["ada", "bob", "eve"]),
        owners=st.frozensets(st.sampled_from("abcdefghijklmno"), min_size=1, max_size=3),
        kinds=st.sampled_from([(VISION,), (("shared", "9"), VISION), (("leaning", "general"),)]),
    ),
    max_size=30,
)


def test_the_last_word_of_an_analyst_holds(tmp_path: Path) -> None:
    say(tmp_path, says="campaign"), say(tmp_path, says="honest")
    assert [w.label for w in words_of(read_ledger(tmp_path))] == ["honest"]


def test_where_analysts_disagree_there_is_no_label(tmp_path: Path) -> None:
    say(tmp_path, says="campaign"), say(tmp_path, says="honest", by="eve")
    (word,) = words_of(read_ledger(tmp_path))
    assert word.label is None and word.why.startswith("disputed (campaign, honest)")


def test_who_takes_a_word_back_settles_the_dispute(tmp_path: Path) -> None:
    say(tmp_path, says="campaign"), say(tmp_path, says="honest", by="eve")
    say(tmp_path, retracts="F-0001", by="bob")
    (word,) = words_of(read_ledger(tmp_path))
    assert (word.label, word.by) == ("honest", ("eve",))


def test_an_upheld_appeal_sets_aside_who_spoke_of_a_campaign(tmp_path: Path) -> None:
    say(tmp_path, says="campaign"), say(tmp_path, says="honest", by="eve", appeal="upheld")
    (word,) = words_of(read_ledger(tmp_path))
    assert (word.label, word.by, word.appealed) == ("honest", ("eve",), True)


def test_an_appeal_that_was_rejected_later_is_no_longer_upheld(tmp_path: Path) -> None:
    say(tmp_path, says="unclear", appeal="upheld"), say(tmp_path, says="campaign", appeal="rejected")
    (word,) = words_of(read_ledger(tmp_path))
    assert (word.label, word.appealed) == ("campaign", False)


@pytest.mark.parametrize("says", ["resale", "unclear"])
def test_what_says_nothing_of_the_kind_of_work_is_no_label(tmp_path: Path, says: str) -> None:
    say(tmp_path, says=says)
    assert words_of(read_ledger(tmp_path))[0].label is None


def test_what_people_hold_of_a_campaign_in_one_word(tmp_path: Path) -> None:
    say(tmp_path, "C-1"), say(tmp_path, "C-2", says="campaign"), say(tmp_path, "C-3", says="unclear")
    say(tmp_path, "C-4", says="campaign"), say(tmp_path, "C-4", says="resale", by="eve", appeal="upheld")
    say(tmp_path, "C-5"), say(tmp_path, "C-5", says="campaign", by="eve")
    held = judgements(read_ledger(tmp_path))
    assert held == {"C-1": "dismissed", "C-2": "confirmed", "C-4": "dismissed"}


def test_the_group_of_a_word_is_the_latest_that_was_kept(tmp_path: Path) -> None:
    say(tmp_path, held=measured()), say(tmp_path)
    assert words_of(read_ledger(tmp_path))[0].entry.id == "F-0001"


def test_one_id_under_two_secrets_is_two_subjects(tmp_path: Path) -> None:
    say(tmp_path), say(tmp_path, seed_id="bb22", says="campaign")
    assert [w.label for w in words_of(read_ledger(tmp_path))] == ["honest", "campaign"]


def test_a_harvest_of_reasoning_is_of_two_kinds() -> None:
    assert kinds_of(harvest()) == (("clear", "reasoning_elicitation"), ("shared", "10"))
    alone = group(accounts=np.arange(1), uses=(use(holders=1, loads=[400]),))
    assert kinds_of(alone)[0][0] == "single"


def test_who_declared_to_collect_answers_is_no_honest_shape() -> None:
    for said in ({"permitted": 1}, {"declared": {"evaluation": 3}}):
        assert kinds_of(harvest(**said)) == (("clear", "reasoning_elicitation"),)
    assert len(kinds_of(harvest(declared={"chat": 3}))) == 2


def test_what_is_too_little_to_be_told_is_of_no_kind() -> None:
    little = use(loads=[1] * 10, **(REASONING | {"classified": 10}))
    assert kinds_of(group(uses=(little,))) == () == kinds_of(bare_group())
    assert kinds_of(group(uses=(use(templated=False),))) == ()


def test_an_operator_counts_once_however_often_it_is_labelled() -> None:
    one = [piece(str(i), owners=frozenset({"acme"})) for i in range(4)]
    assert count(one, "honest") == {VISION: Count(1)}


def test_who_shares_an_owner_over_others_is_one_operator() -> None:
    chain = [piece(str(i), owners=frozenset(pair)) for i, pair in enumerate(["ab", "cd", "bc", "x"])]
    assert operators(chain) == [0, 0, 0, 3]


def test_one_analyst_moves_a_kind_by_so_many_and_no_more() -> None:
    many = [piece(str(i)) for i in range(20)]
    assert count(many, "honest") == {VISION: Count(MOST_BY_ONE, 20 - MOST_BY_ONE)}
    two = [*many, *(piece(f"b{i}", by="bob") for i in range(2))]
    assert count(two, "honest")[VISION].pieces == MOST_BY_ONE + 2


def test_an_operator_that_another_labelled_too_counts_for_whoever_has_room() -> None:
    many = [piece(str(i)) for i in range(MOST_BY_ONE + 1)]
    second = piece("again", by="bob", owners=frozenset({str(MOST_BY_ONE)}))
    assert count([*many, second], "honest")[VISION] == Count(MOST_BY_ONE + 1)


def test_the_sides_are_counted_apart() -> None:
    assert count([piece("a"), piece("b", label="campaign")], "campaign") == {VISION: Count(1)}


@given(PIECES)
def test_no_kind_counts_more_than_its_operators_or_than_its_analysts_may_move(pieces: list[Labelled]) -> None:
    for label in ("honest", "campaign"):
        for kind, counted in count(pieces, label).items():
            of_kind = [p for p in pieces if p.label == label and kind in p.kinds]
            assert 0 < counted.pieces <= MOST_BY_ONE * len({p.by for p in of_kind})
            assert counted.pieces + counted.beyond <= len({frozenset(p.owners) for p in of_kind})


@given(PIECES, st.sampled_from(["ada", "bob"]))
def test_a_label_of_a_new_operator_never_lowers_a_count(pieces: list[Labelled], by: str) -> None:
    before = count(pieces, "honest")
    after = count([*pieces, piece("new", by=by)], "honest")
    assert all(after[kind].pieces >= counted.pieces for kind, counted in before.items())
