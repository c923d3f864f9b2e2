"""Networks: where a request comes from, as one number an address, drawn whole columns at a time.

Addresses come from ranges reserved for tests, documentation and shared address space, and autonomous systems
from the private range, so that no simulated row names anybody's real network. A code holds the kind of
network, its carrier and the host; `columns` turns codes into the fields of a log.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

COUNTRIES = ("US", "US", "US", "GB", "DE", "FR", "IN", "IN", "BR", "JP", "CN", "SG", "CA", "NL", "ES", "MX")
HOME, HOME6, MOBILE, OFFICE, HOSTING, VPN = range(6)
CLASSES = ("residential", "residential", "mobile", "business", "hosting", "vpn")
CARRIERS, HOSTS, EXITS = 48, 64, 12
_KIND, _CARRIER = np.uint64(56), np.uint64(40)
_OCTETS = pa.array([str(n) for n in range(256)])

Codes = NDArray[np.uint64]
Ints = NDArray[np.int64]


def encode(kind: int | Ints, carrier: int | Ints, host: int | Ints) -> Codes:
    """Return address codes."""
    parts = (np.asarray(part).astype(np.uint64) for part in (kind, carrier, host))
    kinds, carriers, hosts = parts
    return (kinds << _KIND) | (carriers << _CARRIER) | hosts


def kind_of(codes: Codes) -> Ints:
    """Return the kind of network of each code."""
    return (codes >> _KIND).astype(np.int64)


def _carrier_of(codes: Codes) -> Ints:
    return ((codes >> _CARRIER) & np.uint64(0xFFFF)).astype(np.int64)


def _host_of(codes: Codes) -> Ints:
    return (codes & np.uint64(0xFFFFFFFFFF)).astype(np.int64)


class Networks:
    """Draws addresses: each carrier holds some prefixes, and busy carriers serve more people."""

    def __init__(self, rng: np.random.Generator) -> None:
        weights = 1.0 / (1 + np.arange(CARRIERS)) ** 0.7
        self._weights = weights / weights.sum()
        self._country = rng.integers(0, len(COUNTRIES), CARRIERS + HOSTS + EXITS)

    def home(self, rng: np.random.Generator, count: int) -> Codes:
        """Return addresses of private households and phones; a fifth is IPv6."""
        carrier = rng.choice(CARRIERS, count, p=self._weights)
        kind = rng.choice([HOME6, MOBILE, HOME], count, p=[0.2, 0.16, 0.64])
        # Carriers hand out most of their leases from a few pools, so strangers do share addresses at times.
        host = np.where(kind == HOME6, rng.integers(0, 1 << 32, count), rng.integers(0, 1 << 15, count))
        return encode(kind, carrier, host)

    def office(self, rng: np.random.Generator, count: int) -> Codes:
        """Return addresses of firms' own lines, in the same carriers' prefixes as homes."""
        return encode(OFFICE, rng.choice(CARRIERS, count, p=self._weights), rng.integers(0, 56 * 254, count))

    def hosting(self, rng: np.random.Generator, count: int, carrier: int | None = None) -> Codes:
        """Return servers' addresses; a given carrier keeps them within one provider."""
        chosen = (HOSTS * rng.random(count) ** 2).astype(np.int64) if carrier is None else carrier
        return encode(HOSTING, chosen, rng.integers(0, 1 << 16, count))

    def vpn(self, rng: np.random.Generator, count: int) -> Codes:
        """Return exits of consumer VPNs: few addresses, many customers."""
        return encode(VPN, rng.integers(0, EXITS, count), rng.integers(0, 24, count))

    def beside(self, rng: np.random.Generator, codes: Codes) -> Codes:
        """Return other addresses of the same /24, for firms with a few exits."""
        span = np.uint64(250)
        shift = rng.integers(0, 250, len(codes)).astype(np.uint64)
        host = codes & np.uint64(0xFFFFFFFFFF)
        found: Codes = codes - host + (host // span) * span + shift
        return found

    def columns(self, codes: Codes) -> dict[str, Any]:
        """Return the fields ip, asn, country and ip_class of each code, as Arrow arrays."""
        unique, back = np.unique(codes, return_inverse=True)
        kind, carrier = kind_of(unique), _carrier_of(unique)
        host = np.select(
            [kind == HOSTING, kind == VPN],
            [CARRIERS + carrier % HOSTS, CARRIERS + HOSTS + carrier % EXITS],
            carrier,
        )
        known = {
            "ip": _addresses(kind, carrier, _host_of(unique)),
            "asn": pa.array(64512 + host),
            "country": pa.array(COUNTRIES).take(pa.array(self._country[host])),
            "ip_class": pa.array(CLASSES).take(pa.array(kind)),
        }
        index = pa.array(back)
        return {name: values.take(index) for name, values in known.items()}


def _addresses(kind: Ints, carrier: Ints, host: Ints) -> pa.Array:
    """Return the addresses as text: 100.64/10 homes and offices, 240/5 servers, 198.19/16 VPN, 2001:db8::/32."""
    first = np.select([kind == HOSTING, kind == VPN], [240 + carrier % 8, 198], 100)
    second = np.select(
        [kind == HOSTING, kind == VPN], [carrier // 8 * 16 + (host >> 13) % 16, 19], 64 + carrier
    )
    line = 1 + host % 254
    third = np.select(
        [kind == OFFICE, kind == VPN, kind == HOSTING],
        [200 + host // 254 % 56, carrier, host // 250 % 256],
        host // 254 % 200,
    )
    last = np.where(kind == HOSTING, 1 + host % 250, line)
    octets = [_OCTETS.take(pa.array(part)) for part in (first, second, third, last)]
    written = pc.binary_join_element_wise(*octets, ".")
    six = np.flatnonzero(kind == HOME6)
    if not len(six):
        return written
    sixes = [
        f"2001:db8:{c:x}:{h >> 16:x}::{h & 0xFFFF:x}"
        for c, h in zip(carrier[six].tolist(), host[six].tolist(), strict=True)
    ]
    mask = np.zeros(len(kind), dtype=bool)
    mask[six] = True
    return pc.replace_with_mask(written, pa.array(mask), pa.array(sixes))
