"""Confidence is the distance from the cut, one step less where there is a reason; steps follow from it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.model import CONFIDENCES, STEPS, VERDICTS
from stillwatch.campaigns.telling.respond import ATLAS, confidence, lowered, recommend
from tests.campaigns.makers import finding, tie
from tests.signals.makers import bare_group, population

WITHOUT_TABLE = population(has_accounts_table=False)
scores = st.floats(-5, 30)


def of(verdict: str, *signals: str, **known: float):
    """Return a finding that these coordination signals speak for."""
    found = finding(bare_group(), verdict, **known)
    return replace(found, judged=replace(found.judged, evidence=tuple(tie(5.0, s) for s in signals)))


@given(scores, scores, st.booleans())
def test_more_evidence_never_means_less_confidence(a: float, b: float, reason: bool) -> None:
    low, high = sorted((a, b))
    steps = [
        CONFIDENCES.index(confidence(finding(bare_group(), VERDICTS[0], e), ["why"] * reason))
        for e in (low, high)
    ]
    assert steps[0] <= steps[1]


@pytest.mark.parametrize(("step", "word"), list(zip(STEPS, CONFIDENCES, strict=True)))
def test_each_word_begins_at_its_distance_above_the_cut(step: float, word: str) -> None:
    assert confidence(finding(bare_group(), VERDICTS[0], 3.0 + step, 3.0), []) == word
    if step:
        below = CONFIDENCES[CONFIDENCES.index(word) - 1]
        assert confidence(finding(bare_group(), VERDICTS[0], 2.99 + step, 3.0), []) == below


def test_reasons_lower_by_one_step_however_many_and_never_below_the_first() -> None:
    high = finding(bare_group(), VERDICTS[0], 20.0)
    assert confidence(high, ["a"]) == confidence(high, ["a", "b"]) == "likely"
    assert confidence(finding(bare_group(), VERDICTS[0], 2.0), ["a"]) == "suspected"


def test_a_missing_accounts_table_and_a_lone_signal_are_reasons() -> None:
    two = of(VERDICTS[0], "conversation_carried", "retry_handed_over")
    one = of(VERDICTS[0], "conversation_carried", "conversation_carried")
    assert lowered(two, population()) == ()
    assert ["accounts table" in why for why in lowered(two, WITHOUT_TABLE)] == [True]
    assert ["conversation_carried" in why for why in lowered(one, population())] == [True]
    assert len(lowered(one, WITHOUT_TABLE)) == 2


def test_related_accounts_claim_no_evasion_and_single_ones_no_coordination() -> None:
    assert lowered(of("related_accounts", "a", "b"), WITHOUT_TABLE) == ()
    assert len(lowered(of("bulk_extraction"), WITHOUT_TABLE)) == 1


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("sure", CONFIDENCES)
@pytest.mark.parametrize("suspendable", [0, 3])
def test_only_those_accused_are_slowed_refused_or_suspended(
    verdict: str, sure: str, suspendable: int
) -> None:
    actions = [step.action for step in recommend(finding(bare_group(), verdict), sure, suspendable)]
    assert actions and len(actions) == len(set(actions))
    if verdict != "distillation_campaign":
        assert not {"slow", "reduce", "refuse"} & set(actions)
    if verdict in ("related_accounts", "bulk_extraction"):
        assert set(actions) <= {"observe", "verify"}
    assert ("suspend" in actions) <= (suspendable > 0)
    if verdict == "distillation_campaign":
        assert ("refuse" in actions) == (sure == "high")
        assert ("reduce" in actions) == (sure != "suspected")


def test_every_verdict_has_its_techniques_and_only_relation_has_none() -> None:
    assert ATLAS.keys() == set(VERDICTS)
    assert [verdict for verdict, ids in ATLAS.items() if not ids] == ["related_accounts"]
    assert all(i.startswith("AML.T") for ids in ATLAS.values() for i in ids)
