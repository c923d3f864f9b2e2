"""Precision and recall by role and kind, on counts made by hand."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.groups import by_kind, by_role, recall_of_busy, total
from stillwatch.ranges.scoring.shares import Share

from .makers import give, held, sent, tallied, write_results, write_truth

OPERATOR, MIXED, CUSTOMERS = sent("op", 30, "x"), sent("m", 10, "x"), sent("m", 40, None, "pool_customer")
HONEST = sent("h", 20)


def test_every_share_is_as_counted_by_hand(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", OPERATOR, MIXED, CUSTOMERS, HONEST, sent("op2", 25, "x"))
    given = give(OPERATOR[:24] + MIXED[:5] + CUSTOMERS[:4] + HONEST[:2], "C")
    results = write_results(tmp_path / "r", [held(a, "C") for a in ("op", "m", "h")], given)
    with tallied(results, truth) as database:
        everything, busy = total(database), recall_of_busy(database)
        roles = {g.name: g for g in by_role(database)}
        kinds = {g.name: g for g in by_kind(database)}
    assert everything.account_recall == Share(2, 3)
    assert everything.account_precision == Share(2, 3)
    assert everything.exchange_recall == Share(29, 65)
    assert everything.exchange_precision == Share(29, 35)
    assert everything.wrongly_attributed == Share(6, 60)
    assert roles["mixed"].exchange_recall == Share(5, 10)
    assert roles["mixed"].wrongly_attributed == Share(4, 40)
    assert roles["benign"].accused == 1 and roles["benign"].exchange_precision == Share(0, 2)
    assert roles["operator"].account_recall == Share(1, 2)
    assert kinds["cot_harvest"].accounts == 3 and kinds["pool_customer"].strayed == 4
    assert busy == Share(1, 2)  # the mixed account has 10 only


def test_nothing_at_all_is_a_row_of_zeros(tmp_path: Path) -> None:
    with tallied(
        write_results(tmp_path / "r", [held("a")]), write_truth(tmp_path / "t", sent("a"))
    ) as database:
        assert total(database).account_precision == Share(0, 0)
        assert recall_of_busy(database) == Share(0, 0)
