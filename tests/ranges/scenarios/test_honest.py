from __future__ import annotations

from stillwatch.ranges.scenarios.honest import BATCHES, HONEST


def test_the_honest_population_is_of_its_size() -> None:
    assert 1_900 < sum(p.accounts for p in HONEST) < 2_700
    assert 20_000 < sum(p.exchanges for p in HONEST) < 28_000


def test_no_two_parts_are_alike_and_none_is_empty() -> None:
    assert len({repr(p) for p in HONEST}) == len(HONEST)
    assert all(p.exchanges >= p.accounts >= 1 and p.name is None for p in HONEST)


def test_there_is_a_batch_of_every_job() -> None:
    assert {p.options["job"] for p in HONEST if p.kind == "single_batch"} == set(BATCHES)
