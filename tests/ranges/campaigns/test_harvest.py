from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.ranges.campaigns.harvest import FAMILIES, Harvest, answered, answers_of, fields
from stillwatch.ranges.population.evaluations import PUBLIC_BANK, items
from stillwatch.ranges.render.exchanges import Renderer
from stillwatch.ranges.text import Refs
from stillwatch.ranges.traffic.plan import NO_TEXT
from tests.ranges.makers import Stage, people, stage
from tests.ranges.reading import last_user


def planned(
    theatre: Stage, family: str = "cot", count: int = 200, campaign: str = "copper", **options: Any
) -> Any:
    people(theatre.scene, 1)
    return Harvest(family, campaign, **options).plan(theatre.scene, theatre.rng, np.arange(count) * 30.0)


def asked(theatre: Stage, *args: Any, **options: Any) -> list[str]:
    """Return the prompts of a harvest."""
    plan = planned(theatre, *args, **options)
    return [last_user(row) for row in Renderer(theatre.scene, 0).batch(plan).to_pylist()]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_harvest_hardly_ever_asks_the_same_twice(family: str, theatre: Stage) -> None:
    prompts = asked(theatre, family)
    assert len(set(prompts)) > 0.97 * len(prompts) and min(map(len, prompts)) > 5


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_rows_are_labelled_with_campaign_and_capability(family: str, theatre: Stage) -> None:
    plan = planned(theatre, family)
    (label,) = {theatre.scene.labels.known[n] for n in plan["label"]}
    assert (label.kind, label.campaign) == (f"{family}_harvest", "copper")
    assert label.capability == FAMILIES[family].capability


def test_two_operators_draw_from_banks_and_words_of_their_own(theatre: Stage) -> None:
    one, two = (planned(theatre, campaign=name) for name in ("a", "b"))
    for name in ("arg0_topic", "thread", "topic", "system_topic"):
        assert not np.isin(one[name], two[name]).any()
    assert len(set(one["topic"])) == 1


def test_families_of_one_campaign_are_different_talks(theatre: Stage) -> None:
    one, two = (planned(theatre, family) for family in ("cot", "grading"))
    assert not np.isin(one["thread"], two["thread"]).any()


def test_a_public_bank_is_the_one_that_evaluations_run(theatre: Stage) -> None:
    bank = items(PUBLIC_BANK, np.arange(20_000))
    assert np.isin(planned(theatre, public=True)["arg0_topic"], bank).all()
    assert not np.isin(planned(theatre)["arg0_topic"], bank).any()


@settings(max_examples=20)
@given(st.integers(1, 5))
def test_an_item_is_asked_as_often_as_it_is_sampled(samples: int) -> None:
    plan = planned(stage(), count=60, samples=samples)
    _, often = np.unique(plan["arg0_topic"], return_counts=True)
    assert set(often) == {samples}
    assert len(np.unique(plan[["arg0_topic", "sample"]])) == 60


def test_duplicates_are_as_many_as_told_and_order_may_be_shuffled(theatre: Stage) -> None:
    plan = planned(theatre, count=2_000, duplicates=0.25, shuffled=True)
    again = 1 - len(np.unique(plan["arg0_topic"])) / 2_000
    assert 0.15 < again < 0.27
    assert (np.diff(plan["time"]) >= 0).all()


@pytest.mark.parametrize("language", ["de", "zh"])
def test_a_harvest_may_be_in_another_language(language: str, theatre: Stage) -> None:
    plan = planned(theatre, language=language)
    assert set(plan["system"]) <= {theatre.scene.texts.symbol("cot_system", language), NO_TEXT}
    here, there = (set(" ".join(asked(stage(), language=code)).split()) for code in ("en", language))
    assert there - here


def test_probing_is_refused_nearly_always(theatre: Stage) -> None:
    plan = planned(theatre, "probing")
    rows = Renderer(theatre.scene, 0).batch(plan).to_pylist()
    refused = [r for r in rows if r["finish_reason"] == "refusal"]
    assert 0.87 < len(refused) / len(rows) < 0.98
    assert {r["refusal_category"] for r in refused} == {"reasoning_extraction"}
    assert len({r["output"] for r in rows if r["finish_reason"] != "refusal"}) == len(rows) - len(refused)


def test_answers_can_be_quoted_word_for_word(theatre: Stage) -> None:
    plan = planned(theatre)
    rows = Renderer(theatre.scene, 0).batch(plan).to_pylist()
    symbol, topics, seeds = answers_of(theatre.scene, plan, "cot")
    refs = Refs(np.full(200, symbol), topics, seeds, np.zeros(200, np.uint16))
    said = theatre.scene.texts.render(refs, plan["profile"]).to_pylist()
    given_ = answered(plan, "cot")
    assert 0 < (~given_).sum() < 20
    assert all((row["output"] == text) == ok for row, text, ok in zip(rows, said, given_, strict=True))


@pytest.mark.parametrize("accounts", [4, 60])
def test_a_field_keeps_to_one_domain(accounts: int, theatre: Stage) -> None:
    topics = theatre.scene.ids("topics", count=4_000)
    found = fields(theatre.scene, topics, accounts)
    one, other = (fields(theatre.scene, topics, n) for n in (1, 1))
    assert (one == other).all()
    for key in np.unique(found):
        assert len(set(one[found == key])) == 1


def test_an_unknown_family_names_those_that_exist(theatre: Stage) -> None:
    with pytest.raises(ValueError, match="harvest: expected one of cot, grading"):
        planned(theatre, "gold")
