"""The marks of a harvest are counted once a workload, against the counts of the reference profile."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.evidence.group import Use
from stillwatch.evidence.profile import SMOOTHING, shape_profile
from stillwatch.signals.harvest_shape import (
    ALIKE,
    ALONE,
    MIN_ANSWERS,
    SIGNAL,
    log10_e_of,
    marks_of_harvest,
)
from tests.signals.makers import bare_group, plain, population, use

SENT = 400  # exchanges of the plausible use, all of them marks of a harvest

# For each mark: what about a perfect harvest would take it away.
WITHOUT: dict[str, dict[str, Any]] = {
    "hardly a prompt repeats": {"contents": 300},
    "nobody follows up": {"openings": 300},
    "answers are long": {"long_answers": 300},
    "answers do not restate the request": {"generated": 200},
    "no answer repeats": {"outputs": 300},
    "prompts are short": {"short_prompts": 300},
    "prompts are alike in form": {"user_form": False, "user_spread": 2 * ALIKE},
    "no tools are used": {"with_tools": 100},
}


def showing(marks: int) -> Use:
    """Return work that shows so many marks."""
    lost = list(WITHOUT.values())[: max(10 - marks, 0)]
    small = {"loads": [2] * 10} if marks < 2 else {}
    return use(**{key: value for part in lost for key, value in part.items()} | small)


def weigh(work: Use, members: int = 10) -> float:
    return plain(SIGNAL.weigh(bare_group(uses=(work,), accounts=np.arange(members)), population()))


def test_a_perfect_harvest_shows_every_mark() -> None:
    assert all(marks_of_harvest(use()).values())


@pytest.mark.parametrize("mark", sorted(WITHOUT))
def test_each_mark_is_lost_by_what_it_says_and_by_nothing_else(mark: str) -> None:
    lost = {name for name, shown in marks_of_harvest(use(**WITHOUT[mark])).items() if not shown}
    assert lost == {mark}


def test_the_two_marks_of_size_are_lost_by_little_work() -> None:
    lost = {name for name, shown in marks_of_harvest(use(loads=[8] * 10)).items() if not shown}
    assert lost == {"many prompts an account", "many prompts in all"}


@pytest.mark.parametrize("members", (1, 10))
def test_honest_work_as_counted_has_a_mean_of_at_most_one(members: int) -> None:
    profile = shape_profile()
    counts = np.array(profile.shared if members > 1 else profile.single) + SMOOTHING
    by_marks = {sum(marks_of_harvest(showing(n)).values()): weigh(showing(n), members) for n in range(2, 11)}
    assert by_marks.keys() == set(range(2, 11))
    fewest = [10 ** profile.log10_ratio(n, shared=members > 1) for n in (0, 1)]
    assert counts / counts.sum() @ np.array([*fewest, *(by_marks[n] for n in range(2, 11))]) <= 1 + 1e-9


def test_a_shared_workload_with_every_mark_convinces() -> None:
    assert weigh(use()) >= 20


def test_of_one_account_it_never_claims_more_than_a_product_of_long_texts_could_cause() -> None:
    row = SIGNAL.weigh(bare_group(uses=(use(),), accounts=np.arange(1)), population())
    assert row is not None and row.log10_e <= ALONE


def test_more_of_the_same_work_is_no_more_evidence() -> None:
    assert weigh(use(loads=[4000] * 10)) == weigh(use(loads=[40] * 10))


def test_what_most_honest_work_shows_speaks_against_a_harvest() -> None:
    assert weigh(showing(shape_profile().typical)) < 1


@pytest.mark.parametrize("said", ({"answered": MIN_ANSWERS - 1}, {"templated": False}))
def test_too_few_answers_or_no_common_form_say_nothing(said: dict[str, Any]) -> None:
    work = use(**said)
    assert SIGNAL.weigh(bare_group(uses=(work,)), population()) is None
    assert log10_e_of(work, shared=True) == 0.0


def test_the_row_names_the_marks_shown_and_lacking() -> None:
    row = SIGNAL.weigh(bare_group(uses=(use(with_tools=400),)), population())
    assert row is not None
    assert row.observed.startswith("9 of 10 marks")
    assert row.summary.endswith("not: no tools are used.")
