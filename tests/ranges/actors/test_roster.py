from __future__ import annotations

import numpy as np
import pytest

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges.actors.labels import Label, Labels
from stillwatch.ranges.actors.networks import Networks
from stillwatch.ranges.actors.roster import ACCOUNT, LABEL_BITS, TRUTH_ACCOUNTS_SCHEMA, Roster


def accounts(count: int, first: int = 1, **given: object) -> np.ndarray:
    rows = np.zeros(count, ACCOUNT)
    rows["uid"] = (np.arange(first, first + count, dtype=np.uint64)) << np.uint64(40)
    rows["programme"] = rows["use"] = -1
    rows["ended"] = np.nan
    for name, values in given.items():
        rows[name] = values
    return rows


def test_accounts_are_numbered_in_the_order_they_were_opened() -> None:
    roster = Roster()
    assert roster.open(accounts(3)).tolist() == [0, 1, 2]
    assert roster.open(accounts(2, 9)).tolist() == [3, 4]
    assert roster.size == len(roster.rows) == 5


def test_writing_to_a_field_stays_when_others_are_opened() -> None:
    roster = Roster()
    first = roster.open(accounts(2))
    roster.rows["status"][first] = 2
    roster.open(accounts(1, 9))
    assert roster.rows["status"].tolist() == [2, 2, 0]


def test_the_table_has_the_canonical_schema_and_null_where_nothing_is_known() -> None:
    roster = Roster()
    roster.open(accounts(2, org=[0, 7], card=[0, 5], phone=[9, 0], mail=[3, -1], born=[-86_400.0, 10.0]))
    roster.rows["ended"][1], roster.rows["status"][1] = 60.0, 2
    table = roster.table(1_000_000, Networks(np.random.default_rng(1)))
    assert table.schema.equals(ACCOUNT_SCHEMA)
    first, second = table.to_pylist()
    assert first["org_id"] is None and second["org_id"] is not None
    assert first["payment_fp"] is None and second["payment_fp"] is not None
    assert first["phone_fp"] is not None and second["phone_fp"] is None
    assert first["programme"] is first["declared_use"] is first["status_at"] is None
    assert (first["status"], second["status"]) == ("active", "suspended")
    assert first["email_domain"].endswith(".example") and second["email_domain"].endswith(".example")
    assert second["status_at"].timestamp() == 61.0 and first["created_at"].timestamp() == -86_399.0


def test_a_role_is_told_once_for_each_campaign_and_outweighs_honest_work() -> None:
    roster, labels = Roster(), Labels()
    who = roster.open(accounts(3))
    chat, batch = (labels.number(Label(k)) for k in ("chat", "batch"))
    taken = [labels.number(Label("cot_harvest", c)) for c in ("b", "a")]
    for label in (chat, batch):
        roster.attest(who[:1], "benign", label)
    roster.attest(who[1:2], "benign", chat)
    for label in (*taken, taken[0]):
        roster.attest(who[1:], "mixed", label)
    sent = np.array([[a << LABEL_BITS | label for label in taken] for a in who[1:].tolist()]).ravel()
    table = roster.truth(labels, sent)
    assert table.schema.equals(TRUTH_ACCOUNTS_SCHEMA)
    found = [(r["role"], r["campaign"], r["kind"]) for r in table.to_pylist()]
    both = [("mixed", "a", "cot_harvest"), ("mixed", "b", "cot_harvest")]
    assert found == [("benign", None, "chat"), *both, *both]


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(ValueError):
        Roster().attest(np.zeros(1, np.int32), "spy", 0)


def test_an_empty_roster_has_empty_tables() -> None:
    assert len(Roster().table(0, Networks(np.random.default_rng(1)))) == 0
    assert len(Roster().truth(Labels(), np.empty(0, np.int64))) == 0


def test_who_never_sent_a_request_of_the_campaign_is_no_part_of_it() -> None:
    roster, labels = Roster(), Labels()
    who = roster.open(accounts(3))
    taken = labels.number(Label("cot_harvest", "a"))
    roster.attest(who[:2], "mixed", taken)
    roster.attest(who[2:], "operator", taken)
    table = roster.truth(labels, np.array([int(who[0]) << LABEL_BITS | taken]))
    found = sorted((r["role"], r["campaign"] or "", r["kind"]) for r in table.to_pylist())
    assert found == [
        ("customer", "", "pool_customer"),
        ("mixed", "a", "cot_harvest"),
        ("operator", "", "idle_account"),
    ]
