"""Addresses parsed in a kernel against Python's own parser."""

from __future__ import annotations

import ipaddress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches.addresses import BAD, V4, V6, parse


def parsed(text: str) -> tuple[int, int]:
    data = np.frombuffer(text.encode() + b"::1", dtype=np.uint8)  # a neighbour that must not be read
    family, high, low = parse(data, 0, len(text.encode()))
    return int(family), int(high) << 64 | int(low)


def expected(text: str) -> tuple[int, int]:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return BAD, 0
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        found = mapped
    return (V4 if found.version == 4 else V6), int(found)


@given(st.ip_addresses())
def test_every_address_is_its_number(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert parsed(str(address)) == expected(str(address))
    assert parsed(address.exploded.upper()) == expected(str(address))


@given(st.text("0123456789af:.", max_size=20))
def test_what_is_no_address_is_told_apart(text: str) -> None:
    assert parsed(text) == expected(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("2001:DB8:0:0::0001", "2001:db8::1"),
    ],
)
def test_spellings_of_one_address_agree(text: str, same: str) -> None:
    assert parsed(text) == expected(same)


@pytest.mark.parametrize(
    "text", ["1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", ":", ":::", "1::2::3", "::1.2", "1:"]
)
def test_malformed_addresses_are_refused(text: str) -> None:
    assert parsed(text) == (BAD, 0)
