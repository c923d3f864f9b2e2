"""Logs without a campaign: the share with a false one, its interval, and who was named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stillwatch.ranges.scoring.campaigns import ReportedScore
from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.scoring.verdicts import VerdictRow
from stillwatch.ranges.trials import null
from stillwatch.ranges.trials.null import NullJob, NullLog, as_record, null_log, null_trial, show, summed
from tests.ranges.trials.makers import honest

DIAL = 0.05


@pytest.fixture(scope="module")
def log() -> NullLog:
    """An honest log of which nothing was reported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(null, "scenario", honest)
        found = null_log(NullJob(seed=4, scale=0.3))
    score = replace(found.score, reported=(), verdicts=(VerdictRow("none", "chat", 20, {"none": 20}),))
    return replace(found, score=score)


def accusing(log: NullLog, seed: int) -> NullLog:
    """Return the log of another seed on which two of its people were accused."""
    false = ReportedScore(
        "C-1", "distillation_campaign", "suspected", 2.0, Share(0, 2), Share(0, 9), wrong=True
    )
    score = replace(
        log.score,
        reported=(false,),
        verdicts=(VerdictRow("none", "chat", 20, {"distillation_campaign": 2, "none": 18}),),
        enforcement=replace(log.score.enforcement, wrong=Share(2, 20)),
    )
    return replace(log, seed=seed, score=score)


def test_the_seeds_asked_for_are_the_logs_scanned(monkeypatch: pytest.MonkeyPatch, log: NullLog) -> None:
    seen: list[NullJob] = []
    monkeypatch.setattr(null, "null_log", lambda job: seen.append(job) or replace(log, seed=job.seed))
    logs = list(null_trial(range(7, 10), 0.1, accounts_table=False, at_once=0))
    assert [found.seed for found in logs] == [7, 8, 9]
    assert {(job.scale, job.accounts_table) for job in seen} == {(0.1, False)}


def test_a_log_tells_what_was_scanned(log: NullLog) -> None:
    assert (log.seed, log.accounts, log.reported, log.kinds) == (4, 20, {}, {})
    assert log.score.enforcement.account_months is not None


def test_few_false_campaigns_do_not_contradict_the_dial(log: NullLog) -> None:
    trial = summed([*(replace(log, seed=i) for i in range(19)), accusing(log, 19)], DIAL)
    assert (trial.promise.with_false.hits, trial.promise.with_false.of) == (1, 20)
    assert trial.promise.within_dial
    assert trial.kinds == {"distillation_campaign": {"chat": 2}}
    text = show(trial)
    assert "5.0% (0.1% to 24.9% at 95 %)" in text
    assert "the promise holds" in text


def test_many_contradict_it(log: NullLog) -> None:
    trial = summed([accusing(log, seed) for seed in range(5)], DIAL)
    assert not trial.promise.within_dial
    assert "CONTRADICTED" in show(trial)


def test_wrong_accusations_are_told_by_account_months_with_a_bound(log: NullLog) -> None:
    promise = summed([log, accusing(log, 5)], DIAL).promise
    assert promise.per_million is not None and promise.per_million_at_most is not None
    assert 0 < promise.per_million < promise.per_million_at_most
    unknown = replace(log, score=replace(log.score, enforcement=replace(log.score.enforcement, days=None)))
    assert "account-months" not in show(summed([unknown], DIAL))


def test_the_record_has_a_row_for_each_seed_in_order(log: NullLog) -> None:
    logs = [accusing(log, 9), log]
    found = json.loads(json.dumps(as_record(summed(logs, DIAL), logs)))
    assert [row["seed"] for row in found["by_seed"]] == [4, 9]
    assert [row["false_campaigns"] for row in found["by_seed"]] == [0, 1]
    assert found["promise"]["with_false"]["hits"] == 1
