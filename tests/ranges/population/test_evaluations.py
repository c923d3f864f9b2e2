from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, last_user, log, quoted


@pytest.fixture(scope="module")
def found() -> Log:
    return log(
        part("evaluation_runs", 6, 360),
        part("judges_in_ci", 4, 240),
        part("own_bot_judges", 10, 240),
        days=4.0,
    )


def test_unrelated_firms_ask_the_same_items_every_night(found: Log) -> None:
    runs = found.by(kind="eval_run")
    assert len(runs) == 6
    asked = [{last_user(r) for r in rows} for rows in runs.values()]
    assert all(items == asked[0] for items in asked) and len(asked[0]) == 15
    for rows in runs.values():
        nights = defaultdict(set)
        for row in rows:
            nights[row["time"].date()].add(last_user(row))
        assert len(nights) == 4 and all(items == asked[0] for items in nights.values())


def test_most_runs_get_the_same_answer_to_the_same_item(found: Log) -> None:
    answers = defaultdict(list)
    for row in found.of("eval_run"):
        if row["output"]:
            answers[last_user(row)].append(row["output"])
    usual = [Counter(told).most_common(1)[0][1] / len(told) for told in answers.values()]
    assert min(usual) > 0.3 and 0.65 < sum(usual) / len(usual) < 0.97


def test_worked_examples_are_the_same_for_everybody(found: Log) -> None:
    shots = {tuple(m["content"] for m in r["messages"][:-1]) for r in found.of("eval_run")} - {()}
    assert len(shots) <= 1 and all(len(s) == 8 for s in shots)


def test_reasoning_of_equal_questions_is_not_equal(found: Log) -> None:
    blocks = [b for r in found.rows for b in r["reasoning_issued"] or ()]
    assert len(set(blocks)) == len(blocks)


def test_judges_run_on_ephemeral_machines_of_one_account(found: Log) -> None:
    rows = found.of("ci_judge")
    assert {r["capability"] for r in rows} == {"rubric_grading"}
    busiest = max(found.by(kind="ci_judge").values(), key=len)
    assert len({r["ip"] for r in busiest}) > 3
    assert len({r["account_id"] for r in rows}) == 4


def test_a_second_account_grades_the_answers_of_the_first(found: Log) -> None:
    rows = [r for r in found.of("own_bot_judge") if r["status"] == 200]
    issued: dict[str, dict[str, object]] = {}
    graded = 0
    for row in rows:
        asked = last_user(row)
        sources = [issued[said] for said in issued if said in asked]
        if sources:
            graded += 1
            one, two = (found.accounts[r["account_id"]] for r in (row, sources[0]))  # type: ignore[index]
            assert one["account_id"] != two["account_id"]
            assert one["payment_fp"] == two["payment_fp"] and one["email_domain"] == two["email_domain"]
        else:
            issued[row["output"]] = row
    assert graded == pytest.approx(len(rows) / 2, abs=40) and graded > 60
    assert not any(list(quoted(r)) for r in rows)


def test_every_answer_that_is_graded_was_given(found: Log) -> None:
    rows = [r for r in found.of("own_bot_judge") if r["status"] == 200]
    issued: set[str] = set()
    judges = {r["account_id"] for r in rows if r["output"].lstrip().startswith("{")}
    assert judges
    missed = 0
    for row in rows:
        if row["account_id"] in judges:
            missed += not any(said in last_user(row) for said in issued)
        else:
            issued.add(row["output"])
    assert missed == 0
