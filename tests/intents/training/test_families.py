"""What is true of a family is said once and never contradicts itself; hidden traces are told from all look-alikes."""

from __future__ import annotations

import pytest

from stillwatch.intents.labels import CAPABILITIES, Label
from stillwatch.intents.training.families import FAMILIES, HIDDEN_TRACE, REASONING

each_family = pytest.mark.parametrize("name", FAMILIES)


@each_family
def test_nothing_is_both_true_and_unknown_or_said_twice(name: str) -> None:
    family = FAMILIES[name]
    said = (*family.true, *family.unknown)
    assert len(said) == len(set(said))


@each_family
def test_only_the_families_of_hidden_traces_want_one_and_the_others_surely_do_not(name: str) -> None:
    family = FAMILIES[name]
    if name in HIDDEN_TRACE:
        assert set(REASONING) <= set(family.true)
    else:
        assert not {*REASONING} & {*family.true, *family.unknown}


def test_no_family_is_listed_twice() -> None:
    assert len(HIDDEN_TRACE) == len(set(HIDDEN_TRACE)) and set(HIDDEN_TRACE) < FAMILIES.keys()


@pytest.mark.parametrize("label", Label, ids=lambda label: label.slug)
def test_every_label_has_a_family_that_has_it_and_one_that_has_not(label: Label) -> None:
    assert [name for name, family in FAMILIES.items() if label in family.true]
    assert [name for name, family in FAMILIES.items() if label not in (*family.true, *family.unknown)]


@pytest.mark.parametrize("label", CAPABILITIES, ids=lambda label: label.slug)
def test_no_capability_is_told_from_chatting_alone(label: Label) -> None:
    without = {name for name, family in FAMILIES.items() if label not in (*family.true, *family.unknown)}
    assert len(without - {"everyday_chat", "one_word"}) >= 5
