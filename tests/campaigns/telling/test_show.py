"""What is drawn beside the numbers: who is tied to whom, and when they worked."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.attribute import attribute
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.proposing.propose import MAX_HOLDERS
from stillwatch.campaigns.telling.show import BUCKETS, UNITS, bucket_seconds, ties, timelines
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    Passed,
    accounts_table,
    bench,
    finding,
    later,
    names,
    proposal,
    sent,
    traffic,
    work,
)

POOL = names("a", 5)


def pool_finding(held, ids=POOL, verdict="distillation_campaign"):
    made = proposal(held, ids, TEMPLATE)
    return finding(measure(bench(held, made), made), verdict)


def test_ties_name_both_accounts_the_signal_and_how_often() -> None:
    passed: list[Passed] = [
        ("answers_passed", 1, "a000", "a001", 0),
        ("answers_passed", 2, "a001", "a000", 1),
        ("answers_passed", 2, "a001", "a000", 2),
        ("retry_handed_over", 3, "a004", "a002", 3),
        ("retry_handed_over", 4, "a004", "z000", 3),
    ]
    with traffic(work([*POOL, "z000"], 5), passed) as held:
        found = [(t.a, t.b, t.signal, t.events) for t in ties(held, pool_finding(held))]
    assert found == [("a000", "a001", "answers_passed", 2), ("a002", "a004", "retry_handed_over", 1)]


def test_a_tie_says_what_chance_makes_of_it_and_a_shared_value_how_many_show_it() -> None:
    table = accounts_table([*POOL, "z000"], payment_fp=lambda a: "p" if a in ("a000", "a003", "z000") else a)
    passed: list[Passed] = [("answers_passed", i, "a000", "a001", 0) for i in range(3)]
    with traffic(work([*POOL, "z000"], 5), passed, accounts=table) as held:
        told = {t.signal: t for t in ties(held, pool_finding(held))}
    assert told["answers_passed"].expected == pytest.approx(3 * 2 * 5 * 5 / 30**2)
    assert told["answers_passed"].holders is None
    assert (told["shared_payment"].holders, told["shared_payment"].expected) == (3, None)


def test_a_shared_artefact_is_drawn_as_a_star_and_a_crowds_not_at_all() -> None:
    crowd = names("b", MAX_HOLDERS + 1)
    table = accounts_table(POOL + crowd, payment_fp=lambda a: a[0])
    with traffic(work(POOL + crowd, 3), accounts=table) as held:
        star = ties(held, pool_finding(held))
        assert {(t.a, t.b, t.signal) for t in star} == {
            ("a000", other, "shared_payment") for other in POOL[1:]
        }
        assert "shared_payment" not in {t.signal for t in ties(held, pool_finding(held, crowd))}


def test_where_nothing_passed_those_who_started_one_after_the_other_are_tied() -> None:
    order = ["a003", "a000", "a004", "a001", "a002"]
    with traffic(work(order, 4)) as held:
        found = ties(held, pool_finding(held))
    expected = {tuple(sorted(pair)) for pair in pairwise(order)}
    assert {(t.a, t.b) for t in found} == expected
    assert {t.signal for t in found} == {"joint_window"}


@given(st.floats(0, 50 * 7 * 24 * 3600))
def test_few_buckets_of_a_width_people_know(span: float) -> None:
    width = bucket_seconds(span)
    assert width in UNITS
    assert span / width <= BUCKETS or width == UNITS[-1]
    assert all(span / smaller > BUCKETS for smaller in UNITS if smaller < width)


@pytest.mark.parametrize("seed", range(2))
def test_a_timeline_counts_every_exchange_of_the_members_once(seed: int) -> None:
    rows = [
        sent(i, POOL[i % 5], TEMPLATE, time=later(i / 7))
        if i % 4
        else sent(i, POOL[i % 5], CELLS + 1, time=later(i / 7), turns=2, messages=4)  # people follow up
        for i in range(200)
    ]
    rows += work(names("z", 4), 6, 500)
    order = Random(seed).sample(range(len(rows)), len(rows))
    with traffic(rows, order=order) as held:
        findings = [pool_finding(held), pool_finding(held, names("z", 4))]
        lines = timelines(held, findings, attribute(held, findings))
    taken = Counter(row["account_id"] for row in rows if row["workload"] == TEMPLATE)
    other = Counter(row["account_id"] for row in rows if row["workload"] != TEMPLATE)
    for ids, line in zip((POOL, names("z", 4)), lines, strict=True):
        assert [(a, at) for a, at, _t, _o in line] == sorted({(a, at) for a, at, _t, _o in line})
        for account in ids:
            mine = [each for each in line if each[0] == account]
            assert sum(each[2] for each in mine) == taken[account]
            assert sum(each[3] for each in mine) == other[account]
        assert {a for a, _at, _t, _o in line} == set(ids)


def test_a_bucket_begins_at_or_before_what_it_counts_and_at_a_round_time() -> None:
    with traffic([sent(i, POOL[0], time=later(i)) for i in range(30)]) as held:
        found = pool_finding(held, POOL[:1])
        (line,) = timelines(held, [found], attribute(held, [found]))
    width = bucket_seconds(29 * 3600)
    assert all(at.timestamp() % width == 0 for _a, at, _t, _o in line)
    assert line[0][1] <= later(0) and line[-1][1] <= later(29)


def test_nothing_found_is_nothing_to_draw() -> None:
    with traffic(work(POOL, 3)) as held:
        assert timelines(held, [], attribute(held, [])) == []
