"""Addresses: every planted address becomes another host in a network that the operator's own clients come from.

A donor row gives the network (the /24, or the /64 of IPv6) with its autonomous system, country and class; the host is
another one. Planted addresses of one network stay in one, those of different ones in different ones as long as the
log has any. As often as strangers share an address in the log (accounts with different programs), the planted address
is a known one.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from stillwatch.ranges.planting import shapes
from stillwatch.ranges.planting.donors import Rows
from stillwatch.ranges.planting.profile import Profile

PLACE: Final = ("ip", "asn", "country", "ip_class")
_PROGRAM: Final = ("user_agent", "header_hash", "ja4")
_TRIES: Final = 60
_BITS: Final = {4: 8, 6: 64}  # of the host within a network, by version
_NEAR_BITS: Final = 16
Place = tuple[Any, ...]  # ip, asn, country, ip_class


@dataclass
class Addresses:
    """Draws places for planted addresses; one planted address always becomes the same."""

    profile: Profile
    rng: np.random.Generator
    _known: dict[str | None, Place] = field(default_factory=dict)
    _networks: dict[str, int] = field(default_factory=dict)  # planted network: donor row
    _used: set[str] = field(default_factory=set)  # networks of the log that were given away

    def __post_init__(self) -> None:
        sample = self.profile.sample
        self._places = list(zip(*(sample[name].to_pylist() for name in PLACE), strict=True))
        self._there = np.array([place[0] is not None for place in self._places], dtype=bool)
        self._class = np.array([place[3] or "" for place in self._places], dtype=object)
        self._net = np.array([network_of(place[0]) for place in self._places], dtype=object)
        addresses = {place[0] for place in self._places if place[0] is not None}
        self._taken = set(addresses)
        programs = zip(*(sample[name].to_pylist() for name in _PROGRAM), strict=True)
        accounts = sample["account_id"].to_pylist()
        self.shared = shared_by_strangers(zip((p[0] for p in self._places), accounts, programs, strict=True))
        # networks that are logged without their hosts must be planted so
        self._masked = len(addresses) > 1 and all(ip.endswith((".0", "::")) for ip in addresses)
        self._shape = shapes.learn(sorted(addresses))

    def place(self, planted: str | None, kind: str | None, client: Rows) -> Place:
        """Return the place of a planted address of a class (`hosting`, …), near those of a client's rows."""
        if planted not in self._known:
            self._known[planted] = self._draw(network_of(planted), kind or "", client)
        return self._known[planted]

    def _draw(self, planted: str, kind: str, client: Rows) -> Place:
        there = np.flatnonzero(self._there)
        if not len(there):
            return (None, None, None, None)
        if planted not in self._networks:
            self._networks[planted] = self._donor(kind, client, there)
        donor = self._places[self._networks[planted]]
        if self._masked or self.rng.random() < self.shared:
            return donor
        return (self._beside(donor[0]), *donor[1:])

    def _donor(self, kind: str, client: Rows, there: Rows) -> int:
        """Return a row whose network stands for a planted one: of its class where the log tells classes."""
        alike = there[self._class[there] == kind] if kind else there[:0]
        own = client[self._there[client]]
        # a class with few networks is a fact of the log; that one program's are used up is none
        fresh = there
        for rows in (alike,) if len(alike) else (own, there):
            unused = rows[np.array([net not in self._used for net in self._net[rows]], dtype=bool)]
            fresh = unused if len(unused) else rows
            if len(unused):
                break
        # each network counts once, however busy it is
        _, first = np.unique(self._net[fresh].astype(str), return_index=True)
        chosen = int(fresh[self.rng.choice(first)])
        self._used.add(self._net[chosen])
        return chosen

    def _beside(self, address: str) -> str:
        """Return an unused address in the network of a known one; of the same look where it is no address."""
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            found = self._shape.make(self.rng, 1, self._taken)[0] if self._shape else address
            self._taken.add(found)
            return found
        bits = _BITS[known.version]
        # networks whose hosts are numbered low get another low one
        near = known.version == 4 or int(known) % (1 << bits) < 1 << _NEAR_BITS
        top = 255 if known.version == 4 else 1 << (_NEAR_BITS if near else 62)
        base = int(known) >> bits << bits
        for _ in range(_TRIES):
            host = str(type(known)(base + int(self.rng.integers(1, top))))
            if host not in self._taken:
                self._taken.add(host)
                return host
        return address  # a network as full as that is shared by everybody


def network_of(address: str | None) -> str:
    """Return the /24 or /64 of an address; of what is none, all of it."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    bits = _BITS[known.version]
    return str(type(known)(int(known) >> bits << bits))


def shared_by_strangers(seen: Iterable[tuple[str | None, str, tuple[Any, ...]]]) -> float:
    """Return the share of (address, account) pairs in which an account of another program uses the address too."""
    users: defaultdict[str, dict[str, set[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(set))
    for address, account, program in seen:
        if address is not None:
            users[address][account].add(program)
    total = shared = 0
    for accounts in users.values():
        total += len(accounts)
        shared += sum(any(not own & other for other in accounts.values()) for own in accounts.values())
    return shared / total if total else 0.0
