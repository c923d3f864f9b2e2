"""Client programs: what a request shows of the program that sent it, by class of program.

Whatever is null is null for the whole class, honest or not: a row's pattern of missing fields tells which
program sent it and nothing else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def opaque(*parts: object, length: int = 16) -> str:
    """Return a stable opaque token of `length` hex digits made of the parts."""
    text = "\x1f".join(map(str, parts))
    return hashlib.blake2b(text.encode(), digest_size=length // 2).hexdigest()


@dataclass(frozen=True, slots=True)
class Client:
    """One program at one version: user agent, SDK (null where there is none), header order, TLS print."""

    user_agent: str
    sdk: str | None
    header_hash: str
    ja4: str

    @property
    def api(self) -> str:
        """The API that the program speaks."""
        if self.user_agent.startswith(("Anthropic", "ferrule")):
            return "messages"
        return "responses" if self.user_agent.startswith("Mozilla") else "chat"


def client(user_agent: str, sdk: str | None, tls: str) -> Client:
    """Return a client whose header order follows its SDK, and whose TLS print follows its runtime."""
    shape = user_agent.split("/")[0] + ("" if sdk is None else sdk.split(".")[0])
    return Client(user_agent, sdk, opaque("headers", shape), "t13d" + opaque("tls", tls, length=20))


def _sdk(vendor: str, runtime: str, version: str) -> Client:
    if runtime == "node":
        return client(f"{vendor}/JS {version}", f"js/{version} (node v22.14.0)", "node22")
    tls = "openssl3-" + runtime.rsplit(".", 1)[-1]
    return client(f"{vendor}/Python {version}", f"python/{version} (CPython {runtime})", tls)


_SDKS = tuple(
    _sdk(vendor, runtime, version)
    for vendor, versions in (
        ("OpenAI", ("2.41.0", "2.54.0", "3.3.0", "3.9.1")),
        ("AsyncOpenAI", ("2.54.0", "3.3.0")),
        ("Anthropic", ("1.9.0", "2.12.0", "2.15.3")),
    )
    for version in versions
    for runtime in ("3.11.7", "3.12.3", "3.13.1", "node")
)
_BROWSERS = (
    client("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0", None, "chrome141"),
    client("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_6) Safari/605.1", None, "safari18"),
    client("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Firefox/144.0", None, "firefox144"),
    client("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6) Mobile/15E148", None, "safari18m"),
    client("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile", None, "chrome141m"),
)
_AGENTS = tuple(
    client(f"ferrule-cli/{v} (external, cli)", f"js/{s} (node v{n})", f"node{n.split('.')[0]}")
    for v, s in (("2.0.62", "0.52.0"), ("2.1.3", "0.55.1"), ("2.1.9", "0.55.1"))
    for n in ("20.19.2", "22.14.0", "24.1.0")
)
# Default prints of open relays; honest firms run the same programs as gateways.
_RELAYS = (
    replace(
        client("AsyncOpenAI/Python 2.54.0", "python/2.54.0 (CPython 3.11.7)", "aiohttp-relay"),
        header_hash=opaque("headers", "relay in lower case"),
    ),
    client("Go-http-client/2.0", None, "go1.23"),
    client("curl/7.68.0", None, "gnutls-relay"),
    client("node", None, "undici-relay"),
    client("ferrule-relay/1.0.57 (external)", "js/0.55.1 (node v20.19.2)", "go1.23-utls"),
)
_PLAIN = (
    client("Python/3.11 aiohttp/3.14.5", None, "openssl3-aio"),
    client("python-requests/2.34.2", None, "openssl3-req"),
)

CLIENTS: Final = (*_SDKS, *_BROWSERS, *_AGENTS, *_RELAYS, *_PLAIN)


def _where(group: tuple[Client, ...]) -> NDArray[np.int16]:
    return np.array([CLIENTS.index(c) for c in group], dtype=np.int16)


SDK: Final = _where(_SDKS)
BROWSER: Final = _where(_BROWSERS)
AGENT: Final = _where(_AGENTS)
RELAY: Final = _where(_RELAYS)
SCRIPT: Final = _where((*_SDKS, *_PLAIN))
SERVER: Final = _where((*_SDKS, *2 * _RELAYS[:4], _PLAIN[1]))  # firms like to run a gateway of their own


def column(name: str) -> pa.Array:
    """Return one field of all client programs (or `api`), to be taken from by a client's number."""
    return pa.array([getattr(c, name) for c in CLIENTS], pa.string())
