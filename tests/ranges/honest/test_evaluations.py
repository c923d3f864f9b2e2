from __future__ import annotations

from tests.ranges.reading import Log, last_user


def test_unrelated_firms_ask_the_same_items_every_night(incident_log: Log) -> None:
    runs = incident_log.by("eval_run")
    assert len(runs) == 6
    asked = [{last_user(r) for r in rows} for rows in runs.values()]
    assert all(items == asked[0] for items in asked)
    assert all(len(rows) > len(asked[0]) for rows in runs.values())
    shots = {tuple(m["content"] for m in r["messages"][:-1]) for r in incident_log.of("eval_run")}
    assert len(shots) == 1


def test_judges_run_on_ephemeral_machines_of_one_account(incident_log: Log) -> None:
    for rows in incident_log.by("ci_judge").values():
        assert len(rows) < 12 or len({r["ip"] for r in rows}) > 1
        assert all("Score helpfulness" in last_user(r) for r in rows)
