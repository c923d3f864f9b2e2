"""What surrounds a request: networks, clients, devices, and the identities behind accounts.

Addresses come from ranges reserved for tests and shared address space, and autonomous systems from the
private range, so that no simulated row names anybody's real network.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from random import Random

from stillwatch.ranges.prose import pick

COUNTRIES = ("US", "US", "US", "GB", "DE", "FR", "IN", "IN", "BR", "JP", "CN", "SG", "CA", "NL", "ES", "MX")
FREE_MAIL = ("mail.example", "post.example", "inbox.example", "webmail.example")
DISPOSABLE_MAIL = ("tenminute.example", "dropbox-mail.example", "quickbox.example", "trashbin.example")


def opaque(*parts: object, length: int = 16) -> str:
    """Return a stable opaque token made of the parts."""
    text = "\x1f".join(map(str, parts))
    return hashlib.blake2b(text.encode(), digest_size=length // 2).hexdigest()


@dataclass(frozen=True, slots=True)
class Network:
    """Where a request comes from, as the provider sees it."""

    ip: str
    asn: int
    country: str
    ip_class: str


@dataclass(frozen=True, slots=True)
class Client:
    """What a program shows of itself; null where its kind of program shows nothing."""

    user_agent: str
    sdk: str | None
    header_hash: str
    ja4: str


def client(user_agent: str, sdk: str | None, tls: str) -> Client:
    """Return a client whose header order follows its SDK, and whose TLS print follows its runtime."""
    shape = user_agent.split("/")[0] + ("" if sdk is None else sdk.split(".")[0])
    return Client(user_agent, sdk, opaque("headers", shape), "t13d" + opaque("tls", tls, length=20))


def _sdk(vendor: str, runtime: str, version: str) -> Client:
    if runtime == "node":
        return client(f"{vendor}/JS {version}", f"js/{version} (node v22.14.0)", "node22")
    tls = "openssl3-" + runtime.rsplit(".", 1)[-1]
    return client(f"{vendor}/Python {version}", f"python/{version} (CPython {runtime})", tls)


SDK_CLIENTS = tuple(
    _sdk(vendor, runtime, version)
    for vendor, versions in (
        ("OpenAI", ("2.41.0", "2.54.0", "3.3.0", "3.9.1")),
        ("AsyncOpenAI", ("2.54.0", "3.3.0")),
        ("Anthropic", ("1.9.0", "2.12.0", "2.15.3")),
    )
    for version in versions
    for runtime in ("3.11.7", "3.12.3", "3.13.1", "node")
)
CHAT_CLIENTS = (
    client("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0", None, "chrome141"),
    client("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_6) Safari/605.1", None, "safari18"),
    client("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Firefox/144.0", None, "firefox144"),
    client("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6) Mobile/15E148", None, "safari18m"),
    client("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile", None, "chrome141m"),
)
AGENT_CLIENTS = tuple(
    client(f"ferrule-cli/{v} (external, cli)", f"js/{s} (node v{n})", f"node{n.split('.')[0]}")
    for v, s in (("2.0.62", "0.52.0"), ("2.1.3", "0.55.1"), ("2.1.9", "0.55.1"))
    for n in ("20.19.2", "22.14.0", "24.1.0")
)
# Default prints of open relays; honest firms run the same programs as gateways.
RELAY_CLIENTS = (
    replace(
        client("AsyncOpenAI/Python 2.54.0", "python/2.54.0 (CPython 3.11.7)", "aiohttp-relay"),
        header_hash=opaque("headers", "relay in lower case"),
    ),
    client("Go-http-client/2.0", None, "go1.23"),
    client("curl/7.68.0", None, "gnutls-relay"),
    client("node", None, "undici-relay"),
    client("ferrule-cli/1.0.57 (external, cli)", "js/0.55.1 (node v20.19.2)", "go1.23-utls"),
)
SCRIPT_CLIENTS = (*SDK_CLIENTS, client("Python/3.11 aiohttp/3.14.5", None, "openssl3-aio"))
SERVER_CLIENTS = (*SDK_CLIENTS, *RELAY_CLIENTS[:4])


class Networks:
    """Draws addresses: each carrier holds some prefixes, and busy carriers serve more people."""

    def __init__(self, rng: Random) -> None:
        self._homes = [(64512 + i, 100, 64 + i, pick(rng, COUNTRIES)) for i in range(48)]
        self._weights = [1.0 / (1 + i) ** 0.7 for i in range(48)]
        self._hosts = [(65000 + i, i, pick(rng, COUNTRIES)) for i in range(24)]

    def home(self, rng: Random) -> Network:
        """Return an address of a private household, a phone, or now and then IPv6."""
        asn, a, b, country = rng.choices(self._homes, self._weights)[0]
        if rng.random() < 0.2:
            tail = f"{asn & 0xFFFF:x}:{int(rng.random() * 65536):x}::{int(rng.random() * 65536):x}"
            return Network(f"2001:db8:{tail}", asn, country, "residential")
        ip_class = "mobile" if rng.random() < 0.2 else "residential"
        return Network(
            f"{a}.{b}.{int(rng.random() * 256)}.{1 + int(rng.random() * 254)}", asn, country, ip_class
        )

    def office(self, rng: Random) -> Network:
        """Return an address of a firm's own line."""
        asn, a, b, country = rng.choices(self._homes, self._weights)[0]
        return Network(
            f"{a}.{b}.{200 + int(rng.random() * 56)}.{int(rng.random() * 256)}", asn, country, "business"
        )

    def hosting(self, rng: Random, carrier: int | None = None) -> Network:
        """Return a server's address; a given carrier keeps it within one provider."""
        asn, at, country = self._hosts[carrier if carrier is not None else int(24 * rng.random() ** 2)]
        third = at * 10 + int(rng.random() * 10)
        return Network(f"198.18.{third % 256}.{1 + int(rng.random() * 254)}", asn, country, "hosting")

    def vpn(self, rng: Random) -> Network:
        """Return an exit of a consumer VPN: few addresses, many customers."""
        asn, at, country = self._hosts[int(rng.random() * 4)]
        return Network(f"198.19.{at}.{1 + int(rng.random() * 24)}", asn, country, "vpn")

    def beside(self, rng: Random, network: Network) -> Network:
        """Return another IPv4 address of the same /24, for a firm with a few exits."""
        if ":" in network.ip:
            return network
        prefix = network.ip.rsplit(".", 1)[0]
        return Network(
            f"{prefix}.{1 + int(rng.random() * 254)}", network.asn, network.country, network.ip_class
        )
