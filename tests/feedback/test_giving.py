"""A word is taken with the evidence as it was, and nothing else changes; what contradicts itself is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from stillwatch.feedback import giving
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.fixtures import path_of, read_fixture
from stillwatch.feedback.giving import check_words, give, take_back
from stillwatch.feedback.ledger import LEDGER, Appeal, Says, read_ledger
from tests.feedback.makers import campaign, clock, harvest, measured, near, recorded, results, scan
from tests.feedback.test_packing import same

POOL = campaign(axes=measured().axes)
HELD = results(POOL, accounts=("quiet",), examined=(near(),))


def add(state: Path, name: str = "C-1", **said: Any) -> giving.Given:
    plain: dict[str, Any] = {"says": "honest", "by": "ada", "because": "a class", "clock": clock}
    return give(state, said.pop("result", HELD), name, **plain | said)


def test_a_word_carries_the_evidence_and_the_scan_as_they_were(tmp_path: Path) -> None:
    entry = add(tmp_path, by=" ada ").entry
    assert read_ledger(tmp_path).entries == (entry,)
    assert (entry.by, entry.about, entry.says, entry.seed_id, entry.stillwatch) == (
        "ada", "C-1", "honest", "aa11", "0.1",
    )  # fmt: skip
    assert entry.event_time.startswith("2026-11-02") and entry.recorded.startswith("2026-11-20T12:00")
    assert entry.found is not None and entry.found.axes == pytest.approx(POOL.axes, abs=1e-4)
    assert entry.found.evidence[0]["summary"] == POOL.evidence[0].summary
    assert entry.user


def test_the_group_is_kept_as_it_was_measured(tmp_path: Path) -> None:
    recorded(tmp_path, measured())
    given = add(tmp_path)
    assert given.entry.fixture and not given.without
    assert same(read_fixture(tmp_path, given.entry.id).group, harvest())


@pytest.mark.parametrize(
    ("says", "appeal", "kept"),
    [
        ("honest", None, True),
        ("campaign", None, True),
        ("resale", "upheld", True),
        ("unclear", "upheld", True),
        ("resale", None, False),
        ("unclear", "rejected", False),
    ],
)
def test_what_labels_or_was_appealed_with_success_is_kept(
    tmp_path: Path, says: Says, appeal: Appeal | None, kept: bool
) -> None:
    recorded(tmp_path, measured())
    given = add(tmp_path, says=says, appeal=appeal)
    assert given.entry.fixture is kept is path_of(tmp_path, given.entry.id).exists()
    assert not given.without


def test_without_a_measured_group_the_word_is_taken_all_the_same_and_that_is_said(tmp_path: Path) -> None:
    assert "scanned without this state" in add(tmp_path).without
    assert "holds 1 other accounts" in add(tmp_path, "a1", appeal="upheld").without
    assert len(read_ledger(tmp_path).entries) == 2


def test_an_appeal_is_heard_without_any_detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(tmp_path, measured())

    def refuse(*_said: object) -> None:
        raise AssertionError("a detector ran")

    monkeypatch.setattr("stillwatch.feedback.groups.judge", refuse)
    monkeypatch.setattr("stillwatch.evidence.profile.sought_profile", refuse)
    assert add(tmp_path, appeal="upheld").entry.fixture


def test_results_of_another_secret_are_refused(tmp_path: Path) -> None:
    recorded(tmp_path, held=scan(seed_id="bb22"))
    with pytest.raises(FeedbackError, match="another secret"):
        add(tmp_path)
    assert not (tmp_path / LEDGER).exists()


def test_a_state_that_knows_both_secrets_takes_both(tmp_path: Path) -> None:
    recorded(tmp_path, held=scan(seed_id="bb22"), name="1")
    recorded(tmp_path, name="2")
    add(tmp_path)


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        ({"says": "guilty"}, "say one of honest, campaign"),
        ({"appeal": "perhaps"}, "say one of upheld, rejected"),
        ({"by": "  "}, "--by NAME"),
        ({"because": ""}, "--because"),
        ({"because": "x" * 5000}, "4000 characters"),
        ({"says": "campaign", "appeal": "upheld"}, "contradict"),
        ({"says": "honest", "appeal": "rejected"}, "contradict"),
    ],
)
def test_words_that_cannot_be_meant_are_refused_and_leave_nothing(
    tmp_path: Path, words: dict[str, str], fix: str
) -> None:
    with pytest.raises(FeedbackError, match=fix):
        add(tmp_path, **words)
    assert not (tmp_path / LEDGER).exists()


def test_every_other_pair_of_words_is_taken() -> None:
    pairs = [(says, appeal) for says in get_args(Says) for appeal in (None, *get_args(Appeal))]
    refused = {("campaign", "upheld"), ("honest", "rejected")}
    for says, appeal in pairs:
        if (says, appeal) not in refused:
            check_words(says, "ada", "why", appeal)


def test_a_campaign_that_is_not_in_the_results_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="no campaign and no account"):
        add(tmp_path, "C-9")
    assert not (tmp_path / LEDGER).exists()


def test_a_word_is_taken_back_once_and_nothing_is_erased(tmp_path: Path) -> None:
    recorded(tmp_path, measured())
    first = add(tmp_path).entry
    back = take_back(tmp_path, first.id, by="bob", because="the wrong campaign", clock=clock)
    held = read_ledger(tmp_path)
    assert held.entries == (first, back) and held.standing == ()
    assert path_of(tmp_path, first.id).exists()
    for name in (first.id, back.id):
        with pytest.raises(FeedbackError, match="back"):
            take_back(tmp_path, name, by="bob", because="again")
    assert len(read_ledger(tmp_path).entries) == 2


def test_there_is_nothing_to_take_back_where_nobody_spoke(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="nobody has said anything"):
        take_back(tmp_path, "F-0001", by="ada", because="x")
    assert not (tmp_path / LEDGER).exists()


def test_an_unknown_word_cannot_be_taken_back(tmp_path: Path) -> None:
    add(tmp_path)
    with pytest.raises(FeedbackError, match="no entry 'F-0007'"):
        take_back(tmp_path, "F-0007", by="ada", because="x")
