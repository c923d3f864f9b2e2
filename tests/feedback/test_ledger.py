"""The ledger keeps every word, in the order said, whatever happens to single lines."""

from __future__ import annotations

import multiprocessing
import stat
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.ledger import LEDGER, Entry, Finding, Ledger, append, read_ledger
from tests.feedback.makers import entry, say

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_nobody_has_said_anything_in_a_new_folder(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none") == Ledger((), ())


def test_entries_come_back_as_they_were_with_their_evidence(tmp_path: Path) -> None:
    found = Finding("resale_pool", "likely", 3.25, None, {"evasion": 3.25}, ({"signal": "x", "n": 4},), (), 9)
    made = say(tmp_path, found=found, appeal="upheld")
    assert read_ledger(tmp_path).entries == (made,)
    assert made.id == "F-0001" and made.found == found


@given(st.lists(st.tuples(words, words, words), max_size=5))
def test_any_words_come_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, str]]
) -> None:
    state = tmp_path_factory.mktemp("state")
    made = [say(state, about, by=by, because=why) for about, by, why in said]
    assert list(read_ledger(state).entries) == made


def test_only_ever_appended_to(tmp_path: Path) -> None:
    say(tmp_path)
    before = (tmp_path / LEDGER).read_bytes()
    say(tmp_path, retracts="F-0001")
    assert (tmp_path / LEDGER).read_bytes().startswith(before)
    assert stat.S_IMODE((tmp_path / LEDGER).stat().st_mode) == 0o600


def test_what_is_taken_back_no_longer_stands_and_is_still_there(tmp_path: Path) -> None:
    first, second = say(tmp_path), say(tmp_path, "C-2")
    say(tmp_path, retracts="F-0001")
    held = read_ledger(tmp_path)
    assert held.standing == (second,)
    assert held.find("F-0001") == first


def test_a_line_cut_short_is_told_and_loses_no_other(tmp_path: Path) -> None:
    say(tmp_path)
    whole = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(whole + whole[: len(whole) // 2])  # the second was cut short
    third = say(tmp_path)
    held = read_ledger(tmp_path)
    assert [e.id for e in held.entries] == ["F-0001", third.id]
    assert third.id == "F-0003"  # no line's id is given again
    assert [(b.line, b.reason) for b in held.broken] == [(2, "not JSON; it was cut short")]
    assert whole[: len(whole) // 2] in (tmp_path / LEDGER).read_bytes()


@pytest.mark.parametrize(
    ("line", "reason"),
    [(b'{"id": 5}', "not an entry"), (b"[]", "not an entry"), (b"\xff", "not JSON")],
)
def test_a_line_that_is_no_entry_is_told(tmp_path: Path, line: bytes, reason: str) -> None:
    (tmp_path / LEDGER).write_bytes(line + b"\n")
    assert reason in read_ledger(tmp_path).broken[0].reason


def test_an_entry_of_a_later_version_is_told_and_not_misread(tmp_path: Path) -> None:
    append(tmp_path, lambda name, _l: replace(entry(name), version=99))
    held = read_ledger(tmp_path)
    assert not held.entries and "later version (99)" in held.broken[0].reason


def test_a_field_of_a_later_version_does_no_harm(tmp_path: Path) -> None:
    said = say(tmp_path)
    line = orjson.loads((tmp_path / LEDGER).read_bytes()) | {"mood": "fine"}
    (tmp_path / LEDGER).write_bytes(orjson.dumps(line))
    assert read_ledger(tmp_path).entries == (said,)


def test_an_entry_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def refuse(_name: str, _ledger: Ledger) -> Entry:
        raise FeedbackError("no")

    with pytest.raises(FeedbackError):
        append(tmp_path, refuse)
    assert (tmp_path / LEDGER).read_bytes() == b""


def test_an_unknown_id_is_an_error_that_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="feedback list"):
        read_ledger(tmp_path).find("F-0009")


def _say_many(state: Path, by: str) -> None:
    for i in range(20):
        say(state, f"C-{by}-{i}", by=by)


def test_two_who_say_something_at_once_lose_nothing_and_share_no_id(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    people = [context.Process(target=_say_many, args=(tmp_path, by)) for by in ("ada", "bob", "eve")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    held = read_ledger(tmp_path)
    assert not held.broken
    assert {e.about for e in held.entries} == {
        f"C-{by}-{i}" for by in ("ada", "bob", "eve") for i in range(20)
    }
    assert len({e.id for e in held.entries}) == 60
