"""Length profiles: every group has some, sentences are few, condensing is undone in tokens."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.arrivals.lengths import GROUPS, LONGEST, LengthTables, profiles, sentences


def test_every_group_has_profiles_and_all_fit_a_byte() -> None:
    tables = LengthTables.load()
    found = np.concatenate([tables.profiles(group) for group in GROUPS])
    assert sorted(found.tolist()) == list(range(len(tables.names)))
    assert len(tables.names) == len(set(tables.names)) <= 250
    assert all(tables.profiles(group).size for group in GROUPS)


def test_tables_hold_sixty_four_ascending_quantiles_of_sentences() -> None:
    tables = LengthTables.load()
    for table in (tables.asked, tables.said):
        assert table.dtype == np.uint16
        assert table.shape == (len(tables.names), 64)
        assert (np.diff(table.astype(int), axis=1) >= 0).all()
        assert table.min() >= 1
        assert table.max() <= LONGEST


def test_labels_are_shorter_than_answers_and_documents_longer_than_questions() -> None:
    tables = LengthTables.load()
    asked, said = ({g: t[tables.profiles(g)].mean() for g in GROUPS} for t in (tables.asked, tables.said))
    assert said["short"] < said["api"] < said["reasoning"]
    assert asked["chat"] < asked["summarise"]


def test_condensing_less_writes_more_and_tokens_are_multiplied_back() -> None:
    eight, two = LengthTables.load(), LengthTables.load(2.0)
    assert two.said.sum() > eight.said.sum()
    assert eight.tokens(np.array([10])).tolist() == [80]
    assert two.tokens(np.array([10])).tolist() == [20]


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(ValueError, match="summarise"):
        profiles("poems")
    with pytest.raises(ValueError, match="condense"):
        LengthTables.load(0.0)


def test_an_empty_text_is_still_a_sentence() -> None:
    assert sentences(np.array([0.0, 120.0, 1e9])).tolist() == [1, 1, LONGEST]
