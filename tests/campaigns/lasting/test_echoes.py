"""A campaign is known again by forms and values that hardly anybody else shows, and by nothing that strangers share."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.campaigns.lasting.echoes import RARE, form_senders, learn, rate_of, seal, shows, values_of
from stillwatch.campaigns.lasting.records import Echo, Form
from stillwatch.campaigns.measuring import measure, set_up
from stillwatch.sketches import Secret
from tests.campaigns.lasting.makers import FORM, SECRET, day, pool, register
from tests.campaigns.makers import names, numbers, proposal

POOL = pool()
OTHER = Secret.from_bytes(bytes(range(1, 33)))


def learned(**said: object) -> Echo | None:
    with day(0, POOL, passed=10, **said) as held:
        wanted = proposal(held, POOL)
        return learn(held, measure(set_up(held, [wanted]), wanted), SECRET)


def test_what_is_learned_of_a_pool_is_its_form_and_its_papers() -> None:
    echo = learned()
    assert echo is not None
    assert echo.forms == [Form([], FORM)]
    assert {trait: len(values) for trait, values in echo.marks.items()} == {
        "email": 10,
        "payment": 10,
        "phone": 10,
    }
    assert echo.rate == rate_of(0, 120)


def test_it_is_known_again_in_another_scan_by_form_or_by_papers_alone() -> None:
    echo = learned()
    assert echo is not None
    with day(5, pool("q"), seed=4) as held:
        assert shows(held, echo, SECRET).by_form.tolist() == numbers(held, pool("q")).tolist()
        assert shows(held, echo, SECRET).by_mark.tolist() == []
    with day(6, POOL, seed=5, user_shingles=[1, 2, 3]) as held:
        assert shows(held, echo, SECRET).by_form.tolist() == []
        assert shows(held, echo, SECRET).any.tolist() == numbers(held, POOL).tolist()
        assert shows(held, echo, OTHER).any.tolist() == []  # papers are sealed by the deployment's secret
        assert shows(held, Echo(), SECRET).any.tolist() == []


def test_a_request_is_of_a_form_with_half_of_its_shingles_and_an_account_with_three_such_requests() -> None:
    forms = [
        Form([], FORM),
        Form([], [*FORM, 1, 2, 3, 4]),
        Form([], [*FORM, 1, 2, 3, 4, 5]),
        Form([8, 9], FORM),
    ]
    with day(0, POOL, each=3, honest=20) as held:
        found = [len(who) for who in form_senders(held, forms)]
    assert found == [10, 10, 0, 10]
    with day(0, POOL, each=2, honest=20) as held:
        assert [len(who) for who in form_senders(held, forms)] == [0, 0, 0, 0]
        assert form_senders(held, []) == []


def test_a_form_or_a_paper_that_strangers_show_is_not_kept() -> None:
    ids = [*names("h", 120), *POOL]
    accounts = register(ids)
    shared = accounts.set_column(
        accounts.schema.get_field_index("payment_fp"), "payment_fp", [["one card"] * accounts.num_rows]
    )
    echo = learned(accounts=shared)
    assert echo is not None and set(echo.marks) == {"email", "phone"}
    with day(0, [*POOL, *pool("z", 40)], passed=10) as held:  # most users of the form are not the group's
        wanted = proposal(held, POOL)
        echo = learn(held, measure(set_up(held, [wanted]), wanted), SECRET)
    assert echo is not None and echo.forms == []


def test_values_are_keyed_and_unknown_ones_are_left_out() -> None:
    assert seal(SECRET, "payment", "x") == seal(SECRET, "payment", "x")
    assert len({seal(SECRET, "payment", "x"), seal(SECRET, "email", "x"), seal(OTHER, "payment", "x")}) == 3
    with day(0, POOL, honest=20) as held:
        account, value = values_of(held, SECRET)["payment"]
        assert len(account) == held.size == len(np.unique(value))


@pytest.mark.parametrize(("count", "of"), [(0, 300), (0, 9_000), (5, 1_000), (9, 9)])
def test_a_rate_is_never_nothing_and_never_below_what_was_seen(count: int, of: int) -> None:
    assert count / of < rate_of(count, of) <= 1.0 or count == of
    assert rate_of(count, of) > 0 and RARE < 1
