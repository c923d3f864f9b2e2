"""The lives of members: ages and who is somebody."""

from __future__ import annotations

import numpy as np

from tests.signals.lives import DAY, lifecycle


def test_an_age_is_the_days_from_sign_up_to_the_first_request() -> None:
    first = np.array([10 * DAY, 20 * DAY])
    lives = lifecycle(members=2, first=first, created=np.array([3 * DAY, np.nan]))
    assert lives.ages[0] == 7
    assert np.isnan(lives.ages[1])


def test_a_check_of_person_or_business_makes_somebody_and_a_mailbox_does_not() -> None:
    lives = lifecycle(members=6, verification=("identity", "business", "phone", "email", "none", None))
    assert lives.identified == 2
