"""Who is meant by a name in some results, and what was held of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.groups import key_of
from stillwatch.feedback.subject import event_time, find_subject, origin
from tests.feedback.makers import campaign, near, results
from tests.report.makers import START

POOL = campaign("C-10", ("a0", "a1"))
ALONE = campaign("C-20", ("lone",), verdict="bulk_extraction")
HELD = results(POOL, ALONE, accounts=("quiet",), examined=(near(),))


@pytest.mark.parametrize("name", ["C-10", "C-1", "1"])
def test_a_campaign_by_its_id_the_start_of_it_or_its_place(name: str) -> None:
    subject = find_subject(HELD, name)
    assert subject.about == "C-10"
    assert subject.key == key_of("C-10", "distillation_campaign", POOL.axes)
    assert subject.found.verdict == "distillation_campaign" and subject.found.cut == 1.5
    assert subject.found.evidence[0]["signal"] == POOL.evidence[0].signal


def test_an_account_that_is_all_of_a_campaign_stands_for_it() -> None:
    subject = find_subject(HELD, "lone")
    assert (subject.name, subject.about) == ("lone", "C-20") and subject.key is not None


def test_one_of_several_members_stands_for_itself_alone() -> None:
    subject = find_subject(HELD, "a1")
    assert subject.about == "a1" and subject.key is None
    assert "C-10, holds 1 other accounts" in subject.why_no_group
    assert subject.found.verdict == "distillation_campaign"  # what was held of the group it is in


def test_an_account_in_which_nothing_was_found_has_no_group() -> None:
    subject = find_subject(HELD, "quiet")
    assert (
        subject.found.verdict is None and subject.key is None and "nothing was found" in subject.why_no_group
    )


def test_a_near_finding_by_its_place() -> None:
    subject = find_subject(HELD, "near-1")
    assert subject.key == key_of("near-1", None, near().axes)
    assert subject.about.startswith("near-1 of 2026-11-02")


@pytest.mark.parametrize("name", ["near-0", "near-2", "near-x"])
def test_a_near_finding_that_is_not_there(name: str) -> None:
    with pytest.raises(FeedbackError, match="1 groups were examined"):
        find_subject(HELD, name)


@pytest.mark.parametrize(("name", "hint"), [("C-11", "did you mean C-10"), ("nobody", "stillwatch explain")])
def test_a_name_that_nobody_bears_is_an_error_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(FeedbackError, match=hint):
        find_subject(HELD, name)


def test_a_start_that_two_campaigns_share_means_none() -> None:
    with pytest.raises(FeedbackError):
        find_subject(results(POOL, campaign("C-11", ("b0",))), "C-1")


def test_the_time_of_a_scan_is_that_of_its_last_exchange() -> None:
    late = campaign(last_seen=START + timedelta(hours=3))
    assert event_time(results(campaign(), late)).startswith("2026-11-02T09:00")
    assert event_time(results()) == ""


def test_where_results_come_from() -> None:
    assert origin({"version": "1", "seed_id": "s"}) == ("1", "s")
    assert origin({"secret_id": "s"}) == ("", "s")
