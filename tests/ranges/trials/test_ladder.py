"""Steps of the ladder: which there are, what is kept of them, and when it is used again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stillwatch.ranges.scenarios.costs import bill
from stillwatch.ranges.scenarios.ladder import Step
from stillwatch.ranges.trials import ladder
from stillwatch.ranges.trials.ladder import LadderJob, climb, read_row, record, run_step, steps
from stillwatch.settings import Settings
from tests.ranges.trials.makers import row, small


def test_shares_multiply_only_the_rungs_with_customers() -> None:
    made = steps(range(10), [(20, 50)], [0.5, 0.1], [10])
    assert len(made) == 10 + 3
    assert {s.share for s in made if s.level == 6} == {0.5, 0.1}
    assert {s.share for s in made if s.level not in (6, 7, 8)} == {1.0}
    assert len(steps([1], [(20, 50), (5, 200)], [0.1], [10, 100])) == 4


def test_each_step_and_seed_has_a_file_of_its_own(tmp_path: Path) -> None:
    made = steps(range(10), [(20, 50), (300, 6)], [0.5, 0.1], [10, 100])
    jobs = [LadderJob(step, seed, tmp_path) for step in made for seed in range(2)]
    assert len({job.file for job in jobs}) == len(jobs)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> LadderJob:
    """A finished step of little traffic."""
    made = LadderJob(Step(6, 4, 15, 0.5, 10), 3, tmp_path_factory.mktemp("ladder"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "ladder", small)
        run_step(made)
    return made


def test_a_step_is_built_scanned_scored_priced_and_kept(job: LadderJob) -> None:
    kept = read_row(job)
    assert kept is not None
    assert (kept.name, kept.level, kept.share, kept.seed, kept.workers) == (
        "L6 4x15 50% at 10x",
        6,
        0.5,
        3,
        4,
    )
    assert kept.cost == bill(job.step).total
    assert kept.cost_multiple == pytest.approx(kept.cost_per_thousand / bill(Step(0, 4, 15)).per_thousand)
    assert not list(job.file.parent.glob("*.unfinished"))


def test_a_finished_step_is_used_again(job: LadderJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "run_step", lambda job: row(seed=job.seed))
    other = replace(job, seed=8)
    assert [(r.seed, kept) for r, kept in climb([other, job], at_once=0)] == [(3, True), (8, False)]


def test_a_step_of_another_make_is_not(job: LadderJob, tmp_path: Path) -> None:
    stricter = Settings.model_validate({"detection": {"false_discovery_rate": 0.01}})
    assert read_row(job) is not None
    assert read_row(replace(job, settings=stricter)) is None
    assert read_row(replace(job, corpus=tmp_path)) is None
    assert read_row(replace(job, baselines=True)) is None
    assert read_row(replace(job, folder=tmp_path)) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"row": {"name": 1}}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    job = LadderJob(Step(1, 2, 3), 0, tmp_path)
    job.file.parent.mkdir()
    job.file.write_text(text)
    assert read_row(job) is None


def test_baselines_are_told_by_name(job: LadderJob, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ladder, "ladder", small)
    monkeypatch.setattr(ladder, "separability", lambda log, rate: [])
    assert run_step(replace(job, folder=tmp_path, baselines=True)).baselines == {}


def test_shares_of_nothing_are_told_as_such() -> None:
    missed = row(attributed=0, holding=0, holding_own=0, accused=0, found=False)
    assert (missed.recall, missed.precision, missed.accounts_found) == (0.0, None, 0.0)
    assert json.loads(json.dumps(record(row())))["recall"] == 0.9
