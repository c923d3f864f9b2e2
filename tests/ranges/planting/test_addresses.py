"""Planted addresses lie beside the log's own, keep the design's networks apart, and are shared as often as there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stillwatch.ranges.planting.addresses import Addresses, network_of, shared_by_strangers
from tests.ranges.planting.makers import own_rows, profile_of

NOBODY = np.empty(0, np.int64)


def addresses(folder: Path, rows: list[dict[str, object]]) -> Addresses:
    return Addresses(profile_of(folder, rows), np.random.default_rng(1))


def test_an_address_is_another_host_in_a_network_of_the_log(tmp_path: Path) -> None:
    rows = own_rows(asn=64500, country="NL", ip_class="hosting")
    known = {row["ip"] for row in rows}
    ip, asn, country, kind = addresses(tmp_path, rows).place("240.0.0.1", "hosting", NOBODY)
    assert ip not in known
    assert network_of(ip) in {network_of(k) for k in known}
    assert (asn, country, kind) == (64500, "NL", "hosting")


def test_networks_stay_apart_and_together_as_the_design_has_them(tmp_path: Path) -> None:
    found = addresses(tmp_path, own_rows())
    apart = [found.place(f"240.0.{i}.1", None, NOBODY)[0] for i in range(20)]
    assert len({network_of(ip) for ip in apart}) == 20
    near = found.place("240.0.3.77", None, NOBODY)[0]
    assert network_of(near) == network_of(apart[3]) and near != apart[3]
    assert found.place("240.0.3.77", None, NOBODY)[0] == near


def test_hosting_is_planted_in_hosting_where_the_log_tells_classes(tmp_path: Path) -> None:
    rows = own_rows()
    for row in rows:
        row["ip_class"] = "hosting" if row["account_id"] < "cust_00003" else "residential"
    found = addresses(tmp_path, rows)
    assert {found.place(f"240.0.{i}.1", "hosting", NOBODY)[3] for i in range(9)} == {"hosting"}


def test_networks_without_hosts_are_planted_so(tmp_path: Path) -> None:
    rows = own_rows()
    for row in rows:
        row["ip"] = row["ip"].rsplit(".", 1)[0] + ".0"
    assert addresses(tmp_path, rows).place("240.0.0.9", None, NOBODY)[0].endswith(".0")


def test_what_is_no_address_gets_the_look_of_the_logs(tmp_path: Path) -> None:
    rows = own_rows()
    for row in rows:
        row["ip"] = f"2001:db8::{int(row['account_id'][-3:]) + 1:x}"
    six = addresses(tmp_path, rows).place("240.0.0.9", None, NOBODY)[0]
    assert network_of(six) == "2001:db8::"


def test_a_log_without_addresses_plants_none(tmp_path: Path) -> None:
    assert addresses(tmp_path, own_rows(ip=...)).place("240.0.0.9", None, NOBODY) == (None,) * 4


@pytest.mark.parametrize(
    ("seen", "share"),
    [
        ([("a", "x", ("p",)), ("a", "y", ("q",))], 1.0),
        ([("a", "x", ("p",)), ("a", "y", ("p",))], 0.0),
        ([("a", "x", ("p",)), ("b", "y", ("q",)), (None, "z", ("r",))], 0.0),
        ([], 0.0),
    ],
)
def test_strangers_are_accounts_of_other_programs(
    seen: list[tuple[str, str, tuple[str]]], share: float
) -> None:
    assert shared_by_strangers(seen) == share
