from __future__ import annotations

from collections import defaultdict

from tests.ranges.reading import Log, last_user


def _issued_to(log: Log) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in log.rows:
        found[row["output"]].add(row["account_id"])
    return found


def test_shared_chats_go_on_from_a_copy_of_the_history(incident_log: Log) -> None:
    issued = _issued_to(incident_log)
    carried = [
        row
        for row in incident_log.of("shared_chat")
        for message in row["messages"]
        if message["role"] == "assistant" and row["account_id"] not in issued[message["content"]]
    ]
    assert carried


def test_lost_histories_hold_answers_that_were_never_logged(incident_log: Log) -> None:
    issued = _issued_to(incident_log)
    first = [r for r in incident_log.of("lost_history") if len(r["messages"]) > 1]
    assert any(r["messages"][1]["content"] not in issued for r in first)


def test_night_owls_come_from_few_exits_at_night(incident_log: Log) -> None:
    rows = incident_log.of("night_vpn")
    assert {r["ip_class"] for r in rows} == {"vpn"}
    assert len({r["ip"] for r in rows}) < len(rows)
    assert sum(r["time"].hour < 5 or r["time"].hour > 20 for r in rows) > len(rows) / 2


def test_one_persons_accounts_share_device_and_home(incident_log: Log) -> None:
    devices = incident_log.by("several_accounts", "ip")
    assert any(len({r["account_id"] for r in rows}) >= 2 for rows in devices.values())


def test_regenerated_prompts_repeat_on_one_account(incident_log: Log) -> None:
    for rows in incident_log.by("regenerated").values():
        assert len({last_user(r) for r in rows}) < len(rows) or len(rows) < 3


def test_tutors_hold_long_conversations(incident_log: Log) -> None:
    assert max(len(r["messages"]) for r in incident_log.of("tutor")) >= 9


def test_people_who_chat_have_networks_of_their_own(incident_log: Log) -> None:
    networks = {a: {r["ip"] for r in rows} for a, rows in incident_log.by("chat").items()}
    assert all(len(ips) == 1 for ips in networks.values())
    assert len(set.union(*networks.values())) > 0.95 * len(networks)
