"""Public work is told apart by the client that sent it; where the client tells nothing, nothing is left out."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.attribute.clients import own_prints

PRIVATE, PUBLIC = 1, 2


def row(
    shown: int, exchanges: int, workload: int = PUBLIC, accounts: int = 1, **known: Any
) -> dict[str, Any]:
    """Return how often a print was shown in a campaign's work."""
    plain = {"campaign": 0, "workload": workload, "print": shown, "exchanges": exchanges}
    return plain | {"accounts": accounts, "doing": 10} | known


def test_the_operators_print_is_learned_where_nobody_else_works() -> None:
    rows = [row(7, 100, PRIVATE, 10), row(7, 5, PUBLIC), row(8, 500, PUBLIC, 10)]
    assert own_prints(rows, frozenset({(0, PRIVATE)})) == {0: {7}}


def test_a_client_that_hides_tells_nothing() -> None:
    scattered = [row(print_, 1, PRIVATE) for print_ in range(50)] + [row(99, 10)]
    assert own_prints(scattered, frozenset({(0, PRIVATE)})) == {}


def test_in_public_work_alone_it_is_the_print_that_half_of_the_accounts_show() -> None:
    rows = [row(7, 100, accounts=9), row(8, 300, accounts=4)]
    assert own_prints(rows, frozenset()) == {0: {7}}
    assert own_prints([row(8, 300, accounts=4)], frozenset()) == {}


def test_each_campaign_has_prints_of_its_own() -> None:
    rows = [row(7, 10, PRIVATE), row(8, 10, PRIVATE, campaign=1)]
    assert own_prints(rows, frozenset({(0, PRIVATE), (1, PRIVATE)})) == {0: {7}, 1: {8}}


@given(st.permutations([row(p, n, w) for p, n, w in ((7, 90, 1), (8, 9, 1), (9, 1, 1), (8, 50, 2))]))
def test_the_order_of_the_rows_is_nothing(rows: list[dict[str, Any]]) -> None:
    assert own_prints(rows, frozenset({(0, PRIVATE)})) == {0: {7, 8}}
