"""Explanations name the reasons, their weights, and what speaks against."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillwatch.report.explain import (
    explain_account,
    explain_campaign,
    explain_examined,
)

from .makers import campaign, examined, result, three


def test_every_row_of_evidence_is_told_with_its_weight() -> None:
    told = explain_campaign(campaign())
    flat = " ".join(told.split())
    for row in (*campaign().evidence, *campaign().counter_evidence):
        assert row.summary in flat
        assert f"{abs(row.log10_e):.1f}" in told
    assert "no accounts table" in told


def test_what_decides_and_the_innocent_readings_are_told_beside_the_rows() -> None:
    told = explain_campaign(campaign())
    for heading in (
        "Why this word",
        "What would have had to be different",
        "Strongest innocent reading: One firm",
    ):
        assert heading in told
    assert "To look up: Do invoices lead to one customer?" in told
    bare = explain_campaign(campaign(grounds=None))
    assert "What would have had to be different" not in bare and "Strongest innocent reading" in bare


def test_a_member_is_told_what_is_left_without_its_strongest_tie_and_whose_work_it_shares() -> None:
    found = campaign()
    told = explain_account(result((found,)), found.accounts[0].account_id)
    assert "Without its strongest tie" in told
    assert "its work: 3 exchanges in W-9f21ac" in told
    assert "responses +4.1" in told


def test_templates_are_told_where_text_was_kept_and_not_mentioned_where_not() -> None:
    found = campaign()
    assert "⟨…⟩" in explain_campaign(found)
    bare = replace(found, workloads=tuple(replace(w, skeleton=None) for w in found.workloads))
    assert "What is asked" not in explain_campaign(bare)


def test_a_member_is_told_its_share_and_its_ties() -> None:
    found = campaign()
    tie = found.ties[0]
    told = explain_account(result((found,)), tie.a)
    assert f"with {tie.b}" in told
    assert "exchanges attributed" in told


def test_an_account_without_finding_and_an_unknown_one_are_told_apart() -> None:
    assert "nothing was found" in explain_account(result(), "honest_003")
    with pytest.raises(KeyError, match=r"not in this result"):
        explain_account(result(), "nobody")


def test_an_innocent_group_is_told_with_its_reason() -> None:
    told = explain_examined(examined())
    assert "declares one organisation" in told
    assert "evasion −1.1" in told
    assert "Evasion is 3.5 short of the +2.4 it needed." in told
    assert "One firm with several departments" in told


def test_no_explanation_speaks_of_guilt() -> None:
    for c in three():
        told = explain_campaign(c).lower()
        assert not any(word in told for word in ("guilt", "culprit", "criminal", "stole", "thief"))
