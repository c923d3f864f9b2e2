"""What work is after is weighed once a piece of work, against what honest work of the reference profile is after."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.group import CLEAR, Use
from stillwatch.evidence.profile import HARVESTS_SEEK, SoughtProfile, sought_profile
from stillwatch.evidence.row import Evidence
from stillwatch.intents import GENERAL
from stillwatch.signals import sought_capability
from stillwatch.signals.sought_capability import ALONE, MIN_CLASSIFIED, SIGNAL
from tests.signals.makers import bare_group, plain, population, use

SENT = 400  # exchanges of the plausible use
CAPABILITIES = sorted(HARVESTS_SEEK.keys() - {GENERAL})
counted = st.dictionaries(st.sampled_from(sorted(HARVESTS_SEEK)), st.floats(0, 1e5))


def seeking(slug: str, *, clearly: bool = True, share: float = 1.0, **said: Any) -> Use:
    """Return work of which this share is after a capability; all of it was classified."""
    asked = {} if slug == GENERAL else {slug: round(share * SENT)}
    return use(**{"classified": SENT, "asked": asked, "given": asked if clearly else {}} | said)


def row_of(work: Use, members: int = 10) -> Evidence | None:
    return SIGNAL.weigh(bare_group(uses=(work,), accounts=np.arange(members)), population())


def weigh(work: Use, members: int = 10) -> float:
    return plain(row_of(work, members))


def mean_e(profile: SoughtProfile, members: int) -> float:
    """Return the mean over honest work, drawn by its shares; what clearly asks nothing in particular counts, too."""
    drawn = [(slug, clearly) for slug in CAPABILITIES for clearly in (True, False)] + [(GENERAL, False)]
    honest = np.array([profile.honest_share(slug, clearly=clearly) for slug, clearly in drawn])
    e = np.array([weigh(seeking(slug, clearly=clearly), members) for slug, clearly in drawn])
    never = 0.5 * HARVESTS_SEEK[GENERAL]
    return float(honest @ e) + never


@pytest.mark.parametrize("members", (1, 10))
def test_honest_work_as_counted_has_a_mean_of_at_most_one(members: int) -> None:
    assert mean_e(sought_profile(), members) <= 1 + 1e-9


@given(counted, counted, st.sampled_from((1, 10)))
def test_whatever_was_counted_the_mean_over_honest_work_is_at_most_one(
    clear: dict[str, float], leaning: dict[str, float], members: int
) -> None:
    profile = SoughtProfile(clear, leaning)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sought_capability, "sought_profile", lambda: profile)
        assert mean_e(profile, members) <= 1 + 1e-9


def test_a_clear_harvest_of_reasoning_speaks_for_extraction() -> None:
    row = row_of(seeking("reasoning_elicitation"))
    assert row is not None and row.log10_e > math.log10(3)
    assert (row.axis, row.block) == ("extraction", "content")


def test_work_that_asks_for_nothing_in_particular_speaks_against_it() -> None:
    assert weigh(seeking(GENERAL)) < 1


def test_what_is_rare_among_the_honest_says_more_the_rarer_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for honest in (1.0, 20.0, 900.0):
        profile = SoughtProfile({"preference": honest, GENERAL: 1_000.0 - honest}, {})
        monkeypatch.setattr(sought_capability, "sought_profile", lambda profile=profile: profile)
        said.append(weigh(seeking("preference")))
    assert said == sorted(said, reverse=True) and said[0] > 1 > said[-1]


def test_clearly_and_leaning_are_told_apart_by_a_share_of_the_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profile = SoughtProfile({"preference": 1.0, GENERAL: 500.0}, {"preference": 499.0})
    monkeypatch.setattr(sought_capability, "sought_profile", lambda: profile)
    clear, leaning = weigh(seeking("preference")), weigh(seeking("preference", clearly=False))
    assert clear > 1 > leaning
    enough, under = ({"preference": round(CLEAR * SENT) - less} for less in (0, 1))
    assert weigh(seeking("preference", given=enough)) == clear
    assert weigh(seeking("preference", given=under)) == leaning
    other = {"vision": SENT}
    assert weigh(seeking("preference", given=other)) == leaning


@pytest.mark.parametrize("classified", (0, 1, MIN_CLASSIFIED - 1))
def test_where_too_few_requests_were_classified_it_is_silent(classified: int) -> None:
    work = seeking("preference", classified=classified, asked={"preference": classified})
    assert row_of(work) is None


def test_it_speaks_from_so_many_classified_requests_on_however_many_there_are() -> None:
    few = seeking("preference", classified=MIN_CLASSIFIED, asked={"preference": MIN_CLASSIFIED}, given={})
    row = row_of(few)
    assert row is not None and row.n == MIN_CLASSIFIED


def test_without_classification_or_without_work_there_is_no_evidence() -> None:
    assert row_of(use()) is None
    assert SIGNAL.weigh(bare_group(uses=()), population()) is None


def test_more_of_the_same_work_is_no_more_evidence() -> None:
    more = {name: {"preference": 100 * SENT} for name in ("asked", "given")}
    assert weigh(seeking("preference", loads=[4_000] * 10, classified=100 * SENT, **more)) == weigh(
        seeking("preference")
    )


def test_no_more_is_claimed_than_its_ceiling_and_of_one_account_less(monkeypatch: pytest.MonkeyPatch) -> None:
    never_seen = SoughtProfile({GENERAL: 1e9}, {})
    monkeypatch.setattr(sought_capability, "sought_profile", lambda: never_seen)
    many, one = row_of(seeking("preference")), row_of(seeking("preference"), members=1)
    assert many is not None and many.log10_e == SIGNAL.ceiling
    assert one is not None and one.log10_e == ALONE < SIGNAL.ceiling


def test_only_the_main_work_of_a_group_is_weighed() -> None:
    first, second = seeking("reasoning_elicitation"), seeking(GENERAL, workload=2)
    both = bare_group(uses=(first, second))
    assert plain(SIGNAL.weigh(both, population())) == weigh(first)


def test_the_row_says_what_share_asks_for_what_and_how_many_of_the_honest_do() -> None:
    clear, leaning = row_of(seeking("rubric_grading", share=0.75)), row_of(seeking("vision", clearly=False))
    assert clear is not None and clear.observed == "75% of the requests clearly ask for rubric grading"
    assert leaning is not None and leaning.observed == "100% of the requests seem to ask for vision"
    honest = sought_profile().honest_share("rubric_grading", clearly=True)
    assert f"{honest:.2%}" in clear.expected and f"{honest:.2%}" in clear.summary
    assert f"{HARVESTS_SEEK['rubric_grading']:.0%} of harvests" in clear.summary


@pytest.mark.parametrize("slug", CAPABILITIES)
@pytest.mark.parametrize("clearly", (True, False))
def test_every_capability_can_be_weighed(slug: str, clearly: bool) -> None:
    row = row_of(seeking(slug, clearly=clearly))
    assert row is not None and np.isfinite(row.log10_e)
    assert row.log10_e == pytest.approx(
        min(sought_profile().log10_ratio(slug, clearly=clearly), SIGNAL.ceiling)
    )
