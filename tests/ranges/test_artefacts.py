from __future__ import annotations

import ipaddress
from random import Random

from stillwatch.ranges.artefacts import CHAT_CLIENTS, RELAY_CLIENTS, SDK_CLIENTS, Networks, client, opaque


def test_addresses_are_of_ranges_that_belong_to_nobody() -> None:
    rng = Random(1)
    nets = Networks(rng)
    reserved = [ipaddress.ip_network(n) for n in ("100.64.0.0/10", "198.18.0.0/15", "2001:db8::/32")]
    for draw in (nets.home, nets.office, nets.hosting, nets.vpn):
        for _ in range(200):
            network = draw(rng)
            address = ipaddress.ip_address(network.ip)
            assert any(address in r for r in reserved if r.version == address.version)
            assert 64_512 <= network.asn <= 65_534


def test_a_neighbour_is_of_the_same_prefix() -> None:
    rng = Random(1)
    nets = Networks(rng)
    base = nets.hosting(rng)
    assert nets.beside(rng, base).ip.rsplit(".", 1)[0] == base.ip.rsplit(".", 1)[0]


def test_few_vpn_exits_serve_many() -> None:
    rng = Random(1)
    nets = Networks(rng)
    assert len({nets.vpn(rng).ip for _ in range(500)}) < 100


def test_header_order_follows_the_sdk_and_tls_the_runtime() -> None:
    one = client("OpenAI/Python 2.1.0", "python/2.1.0 (CPython 3.11.7)", "a")
    two = client("OpenAI/Python 2.2.0", "python/2.2.0 (CPython 3.12.1)", "b")
    assert one.header_hash == two.header_hash and one.ja4 != two.ja4
    assert RELAY_CLIENTS[0].header_hash not in {c.header_hash for c in SDK_CLIENTS + CHAT_CLIENTS}


def test_an_opaque_token_is_stable_and_depends_on_every_part() -> None:
    assert opaque("a", 1) == opaque("a", 1) != opaque("a", 2)
    assert opaque("ab", "c") != opaque("a", "bc")
    assert len(opaque("a", length=12)) == 12
