from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.networks import CLASSES, kind_of
from stillwatch.ranges.actors.roster import LABEL_BITS, STATUSES
from stillwatch.ranges.traffic.plan import OK, Plan
from stillwatch.ranges.traffic.pool import Pool
from stillwatch.ranges.traffic.scene import DAY
from tests.ranges.makers import TAKEN, Stage, asked

SUSPENDED = STATUSES.index("suspended")


def pool(theatre: Stage, size: int = 8, **options: Any) -> Pool:
    settings = {"schedule": "round_robin", "failure": 0.0} | options
    return Pool(theatre.scene, theatre.rng, TAKEN, "operator", size, **settings)


def test_a_refused_request_goes_to_another_account_at_once(theatre: Stage) -> None:
    found = pool(theatre, failure=1.0, schedule="random").carry(asked(80))
    refused = {row["thread"]: row for row in found[found["status"] != OK]}
    answered = found[found["status"] == OK]
    assert len(refused) == len(answered) == 80
    gaps = [row["time"] - refused[row["thread"]]["time"] for row in answered]
    assert 0.05 < np.median(gaps) < 0.3 and min(gaps) > 0
    assert all(row["account"] != refused[row["thread"]]["account"] for row in answered)


def test_the_provider_sees_the_relay_and_not_its_customers(theatre: Stage) -> None:
    told = asked(40, client=np.arange(40) % 5, device=7, end_user=9, conn=3, account=99)
    relay = pool(theatre)
    found = relay.carry(told)
    assert set(found["client"]) == set(found["tls"]) == {relay.client} and relay.client in clients.RELAY
    assert not found["device"].any() and not found["conn"].any()
    # Where it names a user at all, it is one for each account.
    assert len(np.unique(found[["account", "end_user"]])) == 8 and 9 not in found["end_user"]
    assert set(found["account"]) == set(relay.accounts[:, 0])


def test_a_relay_may_pass_its_customers_programs_but_not_their_tls(theatre: Stage) -> None:
    relay = pool(theatre, passes_prints=True)
    found = relay.carry(asked(40, client=np.arange(40) % 5))
    assert set(found["client"]) == set(range(5))
    assert set(found["tls"]) == {relay.client}


def test_each_account_has_an_address_of_its_own_among_servers(theatre: Stage) -> None:
    found = pool(theatre).carry(asked(80))
    assert len(np.unique(found["network"])) == 8
    assert len(np.unique(found[["account", "network"]])) == 8
    assert {CLASSES[k] for k in kind_of(found["network"])} == {"hosting"}


def test_shared_egress_is_one_address_and_gateway(theatre: Stage) -> None:
    found = pool(theatre, egress="shared").carry(asked(80))
    assert len(np.unique(found["network"])) == 1
    gateways = theatre.scene.roster.rows["gateway"][found["account"]]
    assert len(np.unique(gateways)) == 1 and gateways[0] > 0


def test_rotating_egress_changes_among_homes(theatre: Stage) -> None:
    found = pool(theatre, 1, egress="rotating").carry(asked(400))
    assert len(np.unique(found["network"])) > 3
    assert {CLASSES[k] for k in kind_of(found["network"])} <= {"residential", "mobile"}


def test_pathways_are_the_accounts_own(theatre: Stage) -> None:
    found = pool(theatre, pathways=(0, 0, 1)).carry(asked(80))
    assert set(found["platform"]) == {0, 1}
    assert len(np.unique(found[["account", "platform"]])) == 8


def _lives(theatre: Stage, found: Plan) -> None:
    """Every answer came from an account that was open and not suspended."""
    who = theatre.scene.roster.rows[found["account"]]
    answered = found["status"] == OK
    assert (who["born"][answered] <= found["time"][answered]).all()
    late = who["status"] == SUSPENDED
    assert (found["time"][late & answered] <= who["ended"][late & answered] + 5.0).all()
    assert (found["time"][found["status"] == 403] >= who["ended"][found["status"] == 403]).all()


@pytest.mark.parametrize("schedule", ["random", "round_robin", "sticky", "fill_first", "by_key"])
def test_bans_suspend_accounts_and_replacements_are_born_about_then(theatre: Stage, schedule: str) -> None:
    relay = pool(theatre, bans=11, schedule=schedule)  # more than there are slots
    found = relay.carry(asked(2_000, gap=120.0))
    rows = theatre.scene.roster.rows
    assert len(rows) == 8 + 11 and (rows["status"] == SUSPENDED).sum() == 11
    replaced = rows[8:]
    ends = np.sort(rows["ended"][rows["status"] == SUSPENDED])
    for born in replaced["born"]:
        assert np.abs(ends - born).min() < 2 * 3600
    assert (rows["born"] < np.nan_to_num(rows["ended"], nan=np.inf)).all()
    _lives(theatre, found)


def test_the_whole_pool_moves_to_a_second_one_within_hours(theatre: Stage) -> None:
    relay = pool(theatre, ban_all=DAY, schedule="random")
    found = relay.carry(asked(2_000, gap=100.0))
    first, second = set(relay.accounts[:, 0].tolist()), set(relay.accounts[:, 1].tolist())
    assert not first & second and len(second) == 8
    answered = found[found["status"] == OK]
    assert len(answered) == 2_000
    assert set(answered[answered["time"] < DAY]["account"]) == first
    assert set(answered[answered["time"] > DAY + 700]["account"]) == second
    assert answered[answered["time"] > DAY + 700]["time"].min() < DAY + 7 * 3600
    assert (theatre.scene.roster.rows["status"][list(first)] == SUSPENDED).all()
    _lives(theatre, found)


def test_an_identity_is_asked_for_every_account(theatre: Stage) -> None:
    relay = pool(theatre, bans=2, identity=lambda rng, count: {"card": 5, "mail": 7, "born": -1.0})
    rows = theatre.scene.roster.rows
    assert set(rows["card"]) == {5} and set(rows["mail"]) == {7}
    assert (rows["born"][relay.accounts[:, 0]] == -1.0).all()


def test_accounts_that_serve_two_campaigns_are_told_for_both(theatre: Stage) -> None:
    from dataclasses import replace

    other = replace(TAKEN, campaign="willow")
    relay, labels = pool(theatre, also=(other,)), theatre.scene.labels
    members = np.unique(relay.accounts).astype(np.int64)
    sent = np.concatenate([members << LABEL_BITS | labels.number(label) for label in (TAKEN, other)])
    table = theatre.scene.roster.truth(labels, sent)
    assert sorted(table["campaign"].to_pylist()) == ["copper"] * 8 + ["willow"] * 8


def test_an_unknown_egress_names_those_that_exist(theatre: Stage) -> None:
    with pytest.raises(ValueError, match="expected one of per_account, shared, rotating"):
        pool(theatre, egress="pigeon")
