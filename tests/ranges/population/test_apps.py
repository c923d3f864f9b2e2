from __future__ import annotations

import pytest

from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, last_user, log, never_issued


@pytest.fixture(scope="module")
def found() -> Log:
    parts = (
        part("rag_products", 6, 200), part("saas", 6, 200), part("support_desks", 6, 200),
        part("popular_app", 50, 200), part("popular_app", 10, 60, app="other"),
    )  # fmt: skip
    return log(*parts)


def test_the_popular_app_has_one_template_and_many_unrelated_customers(found: Log) -> None:
    alone = log(part("popular_app", 50, 200))
    assert len({r["system"] for r in alone.rows}) == 1
    assert len(alone.by()) == 50
    assert len({a["payment_fp"] for a in alone.holders()}) == 50
    assert {r["capability"] for r in alone.rows} == {"data_analysis"}
    assert 1 <= len({r["system"] for r in found.of("popular_app")}) <= 2


def test_each_product_has_one_instruction_and_many_end_users(found: Log) -> None:
    for rows in found.by(kind="rag_app").values():
        assert len({r["system"] for r in rows}) == 1
        assert None not in {r["end_user_id"] for r in rows}
    busiest = max(found.by(kind="rag_app").values(), key=len)
    assert 4 < len({r["end_user_id"] for r in busiest}) <= 40


def test_products_answer_from_a_small_store(found: Log) -> None:
    for rows in found.by(kind="rag_app").values():
        words = [w for r in rows for w in last_user(r).split(". ")]
        assert len(rows) < 20 or len(set(words)) < 0.9 * len(words)


def test_software_has_an_instruction_for_each_tenant(found: Log) -> None:
    busiest = max(found.by(kind="saas").values(), key=len)
    assert len({r["system"] for r in busiest}) > 3
    assert not never_issued(found.of("saas"))


def test_tickets_are_new_each_time_and_have_no_follow_up(found: Log) -> None:
    rows = [r for r in found.of("support_desk") if r["status"] == 200]
    assert all(len(r["messages"]) == 1 for r in rows)
    assert len({last_user(r) for r in rows}) > 0.95 * len(rows)


def test_half_of_larger_sets_of_firms_do_something_else_besides(found: Log) -> None:
    kinds = [{r["kind"] for r in rows} for rows in found.by().values()]
    assert sum(len(k) > 1 for k in kinds) >= 4
    assert {r["role"] for r in found.roles} == {"benign"}
