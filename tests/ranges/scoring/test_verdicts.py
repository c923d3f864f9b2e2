"""The table of what accounts are and were held to be."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.scoring.verdicts import verdicts

from .makers import ACCUSE, held, sent, tallied, write_results, write_truth


def test_the_gravest_come_first_and_true_relations_are_no_error(tmp_path: Path) -> None:
    truth = write_truth(
        tmp_path / "t", sent("a", 1, "x"), sent("b", 1, "x"), sent("f", 1, None, "enterprise"),
        sent("g", 1, None, "enterprise"), sent("c"), sent("d"), sent("s", 1, None, "resale_pool"),
    )  # fmt: skip
    given = [held("a", "C", ACCUSE), held("a", "R", "related_accounts"), held("f", "R", "related_accounts"),
             held("c", "R", "related_accounts"), held("s", "C", ACCUSE)]  # fmt: skip
    with tallied(write_results(tmp_path / "r", given), truth) as database:
        rows = verdicts(database)
    assert [(r.nature, r.kind) for r in rows] == [
        (ACCUSE, "cot_harvest"), ("resale_pool", "resale_pool"), ("related_accounts", "enterprise"), ("none", "chat"),
    ]  # fmt: skip
    assert rows[0].verdicts == {ACCUSE: 1, "none": 1} and rows[0].right == Share(1, 2)
    assert rows[1].right == Share(0, 1)
    assert rows[2].right == Share(2, 2)
    assert rows[3].right == Share(1, 2)
