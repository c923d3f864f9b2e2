from __future__ import annotations

import ipaddress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.actors.networks import CLASSES, HOSTING, Networks, encode, kind_of

RESERVED = [
    ipaddress.ip_network(n) for n in ("100.64.0.0/10", "198.18.0.0/15", "240.0.0.0/4", "2001:db8::/32")
]


def networks(seed: int = 1) -> tuple[Networks, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return Networks(rng), rng


def shown(nets: Networks, codes: Any) -> list[dict[str, Any]]:
    columns = nets.columns(codes)
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*(c.to_pylist() for c in columns.values()), strict=True)
    ]


@pytest.mark.parametrize("draw", ["home", "office", "hosting", "vpn"])
def test_addresses_are_of_ranges_that_belong_to_nobody(draw: str) -> None:
    nets, rng = networks()
    for row in shown(nets, getattr(nets, draw)(rng, 400)):
        address = ipaddress.ip_address(row["ip"])
        assert any(address in r for r in RESERVED if r.version == address.version)
        assert 64_512 <= row["asn"] <= 65_534
        assert row["ip_class"] in CLASSES and len(row["country"]) == 2


def test_equal_codes_are_equal_addresses_and_most_others_differ() -> None:
    nets, rng = networks()
    codes = nets.hosting(rng, 500)
    first, again = shown(nets, codes), shown(nets, codes[::-1])[::-1]
    assert first == again
    assert len({row["ip"] for row in first}) > 0.95 * len(np.unique(codes))


def test_the_kind_of_network_can_be_told_from_its_code() -> None:
    nets, rng = networks()
    for name, classes in {
        "home": {"residential", "mobile"}, "office": {"business"}, "hosting": {"hosting"}, "vpn": {"vpn"},
    }.items():  # fmt: skip
        codes = getattr(nets, name)(rng, 200)
        assert {CLASSES[k] for k in kind_of(codes)} == classes == {r["ip_class"] for r in shown(nets, codes)}


@given(st.integers(0, 5), st.integers(0, 47), st.integers(0, 2**32 - 1))
def test_a_code_keeps_its_kind(kind: int, carrier: int, host: int) -> None:
    assert kind_of(np.array([encode(kind, carrier, host)]))[0] == kind


@pytest.mark.parametrize("draw", ["hosting", "office"])
def test_a_neighbour_is_of_the_same_prefix(draw: str) -> None:
    nets, rng = networks()
    base = np.repeat(getattr(nets, draw)(rng, 1), 60)
    near = shown(nets, np.concatenate([base[:1], nets.beside(rng, base)]))
    assert len({row["asn"] for row in near}) == 1
    assert len({row["ip"] for row in near}) > 20
    if draw == "hosting":
        assert len({row["ip"].rsplit(".", 1)[0] for row in near}) == 1


def test_a_carrier_may_be_given_for_servers() -> None:
    nets, rng = networks()
    assert len({row["asn"] for row in shown(nets, nets.hosting(rng, 100, 3))}) == 1
    assert (kind_of(nets.hosting(rng, 5, 3)) == HOSTING).all()


def test_few_vpn_exits_serve_many() -> None:
    nets, rng = networks()
    assert len({row["ip"] for row in shown(nets, nets.vpn(rng, 2_000))}) < 300


def test_a_fifth_of_homes_have_ipv6() -> None:
    nets, rng = networks()
    six = sum(":" in row["ip"] for row in shown(nets, nets.home(rng, 2_000)))
    assert 320 < six < 480
