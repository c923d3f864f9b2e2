"""Client strings and prints: what belongs together is learned from the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns.measuring.prints import CAP, ELSEWHERE, ENOUGH, KEYS, SENT, counted, prints_of
from tests.campaigns.makers import sent, traffic

PYTHON, GO, NEW = 1, 2, 3
MEMBERS = np.arange(5)
Row = dict[str, Any]


def row(account: int, words: int, tls: int, **known: Any) -> Row:
    plain = {"account": account, "uses": 10, "agent_key": words, "sdk_key": 0, "ja4_key": tls}
    return plain | {"header_key": 0, "session": 0, "end_user": 0, "device": 0} | known


def prints(rows: list[Row]):
    rows = sorted(rows, key=lambda r: (r["account"], *(r[key] for key in KEYS)))
    columns = {name: np.array([r[name] for r in rows], dtype=np.int64) for name in (*KEYS, *SENT)}
    account, uses = (np.array([r[name] for r in rows], dtype=np.int64) for name in ("account", "uses"))
    return counted(account, uses, columns, int(account.max()) + 1)


def crowd(pythons: int = 60, gophers: int = 30, **known: Any) -> list[Row]:
    """Python programs with Python's print and Go programs with Go's, from account 100 on."""
    return [row(100 + i, PYTHON, PYTHON, **known) for i in range(pythons)] + [
        row(200 + i, GO, GO, **known) for i in range(gophers)
    ]


def test_a_string_beside_the_print_of_another_program_contradicts_itself() -> None:
    found = prints([*crowd(), *(row(i, PYTHON, GO) for i in MEMBERS)]).contradicting(MEMBERS)
    assert found is not None
    assert (found.marked, found.known) == (5, 5)
    assert (found.outside_marked, found.outside_known) == (0, 90)


def test_the_order_of_headers_can_contradict_as_well() -> None:
    rows = [r | {"header_key": r["ja4_key"] + 10} for r in crowd()]
    mine = [row(int(i), PYTHON, PYTHON, header_key=GO + 10) for i in MEMBERS]
    found = prints([*rows, *mine]).contradicting(MEMBERS)
    assert found is not None and found.marked == 5


def test_a_large_group_does_not_make_its_own_pair_usual() -> None:
    members = np.arange(60)
    found = prints([*crowd(), *(row(int(i), PYTHON, GO) for i in members)]).contradicting(members)
    assert found is not None and found.marked == 60


@pytest.mark.parametrize(
    "rows",
    [
        [*crowd(), *(row(int(i), PYTHON, NEW) for i in MEMBERS)],
        [*crowd(gophers=ELSEWHERE - 1), *(row(int(i), PYTHON, GO) for i in MEMBERS)],
        [
            *crowd(),
            *(row(300 + i, PYTHON, GO) for i in range(6)),
            *(row(int(i), PYTHON, GO) for i in MEMBERS),
        ],
    ],
    ids=["a new print", "a print hardly known", "a pair that others show as well"],
)
def test_what_may_be_a_new_version_or_is_usual_does_not(rows: list[Row]) -> None:
    found = prints(rows).contradicting(MEMBERS)
    assert found is not None and found.marked == 0


def test_a_string_of_few_others_and_a_missing_print_cannot_be_judged() -> None:
    few = [*crowd(pythons=ENOUGH - 1), *(row(int(i), PYTHON, GO) for i in MEMBERS)]
    assert prints(few).contradicting(MEMBERS) is None
    bare = [*crowd(), *(row(int(i), PYTHON, 0) for i in MEMBERS)]
    assert prints(bare).contradicting(MEMBERS) is None


def test_most_of_an_accounts_exchanges_decide() -> None:
    mixed = [r for i in MEMBERS for r in (row(int(i), PYTHON, GO, uses=9), row(int(i), PYTHON, PYTHON))]
    found = prints([*crowd(), *mixed]).contradicting(MEMBERS)
    assert found is not None and found.marked == 0


def test_a_field_that_nearly_all_others_send_is_missed() -> None:
    mine = [row(int(i), PYTHON, PYTHON, session=3) for i in MEMBERS]
    found = prints([*crowd(session=4, device=2), *mine]).stripping(MEMBERS)
    assert found is not None
    assert (found.marked, found.known) == (5, 5)
    assert (found.outside_marked, found.outside_known) == (0, 90)


def test_a_field_that_is_optional_in_practice_is_not_missed() -> None:
    rows = [r | {"device": int(i % 2)} for i, r in enumerate(crowd())]
    assert prints([*rows, *(row(int(i), PYTHON, PYTHON) for i in MEMBERS)]).stripping(MEMBERS) is None


def test_names_of_values_do_not_matter() -> None:
    rows = [*crowd(session=4), *(row(int(i), PYTHON, GO) for i in MEMBERS)]
    renamed = [r | {"agent_key": -7 * r["agent_key"], "ja4_key": 1_000 - r["ja4_key"]} for r in rows]
    assert prints(rows).contradicting(MEMBERS) == prints(renamed).contradicting(MEMBERS)
    assert prints(rows).stripping(MEMBERS) == prints(renamed).stripping(MEMBERS)


def test_an_accounts_most_used_combinations_are_fetched_whatever_the_order_of_rows() -> None:
    rows = [sent(n, "a", agent_key=n, ja4_key=None, sdk_key=None, header_key=None) for n in range(1, CAP + 5)]
    rows += [sent(100 + n, "a", agent_key=7, ja4_key=None, sdk_key=None, header_key=None) for n in range(5)]
    rows += [sent(200, "b", agent_key=None, ja4_key=4, sdk_key=None, header_key=None)]
    with traffic(rows) as held, traffic(rows, order=list(range(len(rows)))[::-1]) as turned:
        one, two = prints_of(held), prints_of(turned)
    assert len(one.account) == CAP  # of one account; the other sends no string at all
    assert one.uses.max() == 6
    assert one.uses.tolist() == two.uses.tolist()
    assert one.codes["agent"].tolist() == two.codes["agent"].tolist()


def test_a_log_without_client_strings_says_nothing() -> None:
    rows = [sent(n, "ab"[n % 2], agent_key=None, sdk_key=None) for n in range(4)]
    with traffic(rows) as held:
        found = prints_of(held)
    assert found.contradicting(np.array([0, 1])) is None
    assert found.stripping(np.array([0, 1])) is None
