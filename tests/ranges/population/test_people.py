from __future__ import annotations

from datetime import timedelta

import pytest

from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import STOCK, Log, last_user, log, never_issued, quoted, seconds, taken_over

KINDS = {
    "chat_users": "chat", "newcomers": "new_account", "tutors": "tutor", "night_owls": "night_vpn",
    "several_accounts": "several_accounts", "shared_chats": "shared_chat", "lost_histories": "lost_history",
    "regenerations": "regenerated",
}  # fmt: skip


@pytest.fixture(scope="module")
def logs() -> dict[str, Log]:
    return {label: log(part(kind, 40, 320), days=7.0) for kind, label in KINDS.items()}


@pytest.mark.parametrize("label", sorted(KINDS.values()))
def test_every_kind_is_labelled_honest_and_keeps_to_its_size(label: str, logs: dict[str, Log]) -> None:
    found = logs[label]
    assert {(r["kind"], r["campaign"]) for r in found.rows} == {(label, None)}
    assert {r["role"] for r in found.roles} == {"benign"}
    assert 0.75 * 320 <= len(found.rows) <= 1.6 * 320
    assert 30 <= len(found.by()) <= 40 and 38 <= len(found.accounts) <= 42


@pytest.mark.parametrize("label", sorted(set(KINDS.values()) - {"lost_history"}))
def test_histories_hold_what_was_answered(label: str, logs: dict[str, Log]) -> None:
    assert sum(len(list(quoted(r))) for r in logs[label].rows) > 20
    assert not never_issued(logs[label].rows)


def test_people_who_chat_have_networks_of_their_own(logs: dict[str, Log]) -> None:
    networks = [{r["ip"] for r in rows} for rows in logs["chat"].by().values()]
    assert all(len(ips) == 1 for ips in networks)
    assert len(set.union(*networks)) > 0.9 * len(networks)


def test_newcomers_are_days_old(logs: dict[str, Log]) -> None:
    found = logs["new_account"]
    start = found.rows[0]["time"].replace(hour=0, minute=0, second=0, microsecond=0)
    ages = [(start - a["created_at"]).total_seconds() for a in found.holders()]
    assert max(ages) <= 3 * 86_400


def test_tutors_hold_long_conversations_with_instructions_of_their_own(logs: dict[str, Log]) -> None:
    found = logs["tutor"]
    assert max(len(r["messages"]) for r in found.rows) >= 9
    assert all(len({r["system"] for r in rows}) == 1 for rows in found.by().values())
    assert len({r["system"] for r in found.rows}) > 5


def test_night_owls_come_from_few_exits_with_throwaway_mail(logs: dict[str, Log]) -> None:
    found = logs["night_vpn"]
    assert {r["ip_class"] for r in found.rows} == {"vpn"}
    addresses = found.by("ip")
    assert any(len({r["account_id"] for r in rows}) > 1 for rows in addresses.values())
    assert len({a["email_domain"] for a in found.holders()}) < 14


def test_one_persons_accounts_share_home_and_program_and_take_up_each_others_talks(
    logs: dict[str, Log],
) -> None:
    found = logs["several_accounts"]
    homes = [{r["account_id"] for r in rows} for rows in found.by("ip").values()]
    assert max(len(h) for h in homes) <= 4 and sum(len(h) > 1 for h in homes) > 5
    cards = [found.accounts[a]["payment_fp"] for a in found.accounts]
    assert len(set(cards)) < len(cards)
    moved = taken_over(found.rows)
    assert moved
    owner = {r["account_id"]: r["ip"] for r in found.rows}
    issued = {r["output"]: r["account_id"] for r in found.rows}
    for row in moved:
        assert {owner[issued[said]] for said in quoted(row) if len(said) > STOCK and said in issued} == {
            row["ip"]
        }


def test_shared_chats_go_on_elsewhere_from_a_copy_of_the_history(logs: dict[str, Log]) -> None:
    moved = taken_over(logs["shared_chat"].rows)
    assert moved and all(len(r["messages"]) >= 3 for r in moved)


def test_lost_histories_hold_answers_that_were_never_logged(logs: dict[str, Log]) -> None:
    rows = logs["lost_history"].rows
    assert all(len(r["messages"]) >= 3 for r in rows)
    assert 0.2 < len(never_issued(rows)) / sum(len(list(quoted(r))) for r in rows) < 0.95


def test_regenerated_prompts_repeat_on_one_account_with_other_answers(logs: dict[str, Log]) -> None:
    for rows in logs["regenerated"].by().values():
        answered = [r for r in rows if r["status"] == 200]
        assert len({(last_user(r), len(r["messages"])) for r in answered}) <= len(answered) / 2 + 1
    told = [r for r in logs["regenerated"].rows if r["status"] == 200]
    assert len({r["output"] for r in told}) > 0.8 * len(told)


def test_a_refused_delivery_comes_again_on_the_same_account(logs: dict[str, Log]) -> None:
    for found in logs.values():
        for row in found.rows:
            if row["status"] != 200 and row["time"] < found.rows[-1]["time"] - timedelta(seconds=70):
                later = [r for r in found.by()[row["account_id"]] if 0 < seconds(r) - seconds(row) < 70]
                assert any(r["messages"] == row["messages"] for r in later)
