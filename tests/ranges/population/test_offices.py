from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stillwatch.ranges.build import START
from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, Row, last_user, log, never_issued

DAYS = 7.0
PARTS = {
    "office_nat": part("office", 30, 240), "agency_nat": part("agency", 12, 160),
    "editing_desk": part("editors", 10, 240), "class_campus": part("classroom", 20, 100, campus=True),
    "class_homes": part("classroom", 20, 100, campus=False), "hackathon": part("hackathon", 24, 200),
    "enterprise": part("enterprise", 30, 200, declared="yes"),
    "enterprise_undeclared": part("enterprise", 30, 200, declared="no"),
    "enterprise_late": part("enterprise", 30, 300, declared="late"), "launch_day": part("launch_day", 40, 160),
}  # fmt: skip


@pytest.fixture(scope="module")
def logs() -> dict[str, Log]:
    return {label: log(each, days=DAYS) for label, each in PARTS.items()}


@pytest.mark.parametrize("label", sorted(PARTS))
def test_every_kind_is_labelled_honest(label: str, logs: dict[str, Log]) -> None:
    assert {(r["kind"], r["campaign"]) for r in logs[label].rows} == {(label, None)}
    assert len(logs[label].by()) == PARTS[label].accounts
    assert not never_issued(logs[label].rows)


@pytest.mark.parametrize("label", ["office_nat", "agency_nat", "editing_desk", "class_campus", "hackathon"])
def test_one_roof_is_one_address_and_shared_connections(label: str, logs: dict[str, Log]) -> None:
    found = logs[label]
    assert len({r["ip"] for r in found.rows}) == 1
    assert any(len({r["account_id"] for r in rows}) > 1 for rows in found.by("conn_id").values())


def test_an_agency_shares_its_house_style_and_an_office_does_not(logs: dict[str, Log]) -> None:
    assert len({r["system"] for r in logs["agency_nat"].rows}) == 1
    assert len({r["system"] for r in logs["office_nat"].rows}) > 5


def test_answers_are_pasted_into_a_colleagues_prompt_word_for_word(logs: dict[str, Log]) -> None:
    issued: dict[str, Row] = {}
    passed = 0
    for row in logs["editing_desk"].rows:
        if row["status"] == 200:
            sources = [issued[said] for said in issued if said in last_user(row)]
            passed += bool(sources)
            issued[row["output"]] = row
    assert passed > 40


def test_a_class_asks_the_same_questions_within_an_hour_or_so(logs: dict[str, Log]) -> None:
    for label in ("class_campus", "class_homes"):
        rows = logs[label].rows
        assert len({last_user(r) for r in rows}) == 5
        assert (rows[-1]["time"] - rows[0]["time"]).total_seconds() < 3 * 3_600
        answers = [r["output"] for r in rows if r["output"]]
        assert len(set(answers)) > 0.8 * len(answers)
        assert len({r["system"] for r in rows}) == 1
    assert len({r["ip"] for r in logs["class_homes"].rows}) > 17


def test_reasoning_of_equal_lessons_is_not_equal(logs: dict[str, Log]) -> None:
    for found in logs.values():
        blocks = [b for r in found.rows for b in r["reasoning_issued"] or ()]
        assert len(set(blocks)) == len(blocks)


def test_a_hackathon_has_new_accounts_with_starter_code(logs: dict[str, Log]) -> None:
    found = logs["hackathon"]
    assert {a["payment_fp"] for a in found.holders()} == {None}
    assert {a["programme"] for a in found.holders()} == {"startup"}
    texts = [r["system"] for r in found.rows]
    assert len(set(texts)) > 1 and max(texts.count(t) for t in set(texts)) > 0.25 * len(texts)


@pytest.mark.parametrize(("label", "declared"), [("enterprise", True), ("enterprise_undeclared", False)])
def test_an_enterprise_is_declared_or_known_by_card_and_domain(
    label: str, declared: bool, logs: dict[str, Log]
) -> None:
    found = logs[label]
    assert len({(a["payment_fp"], a["email_domain"]) for a in found.holders()}) == 1
    assert {r["org_id"] is not None for r in found.rows} == {declared}
    assert len({r["ip"].rsplit(".", 1)[0] for r in found.rows}) == 1


def test_a_late_declaration_is_seen_only_after_it_was_made(logs: dict[str, Log]) -> None:
    rows = logs["enterprise_late"].rows
    made = START + timedelta(days=0.7 * DAYS)
    before, after = ([r for r in rows if (r["time"] >= made) is late] for late in (False, True))
    assert {r["org_id"] for r in before} == {None}
    assert None not in {r["org_id"] for r in after} and len({r["org_id"] for r in after}) == 1


def test_newcomers_of_launch_day_use_the_launched_model(logs: dict[str, Log]) -> None:
    rows = logs["launch_day"].rows
    assert len({r["model"] for r in rows}) == 1
    assert (rows[-1]["time"] - rows[0]["time"]).total_seconds() <= 86_400 + 70
    assert rows[0]["time"].day == 1 + int(DAYS * 0.6)


def test_two_copies_of_a_house_are_two_houses() -> None:
    both = log(PARTS["office_nat"], replace(PARTS["office_nat"], options={"copy": 1}))
    assert len({r["ip"] for r in both.rows}) == 2 and len(both.by()) == 60
