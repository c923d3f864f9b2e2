"""HTTP headers of a logged request and response: what they say about the client and the exchange.

Headers come as an object, as `[name, value]` pairs, or as `{"name", "value"}` objects (HAR). No address is
taken from them: which forwarded address to trust only the operator knows (`ip` beside the pair, or `--map`).
Nor an organisation: upstream of a gateway it is the gateway's own, and would tie all its customers together.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies.fields import digest, present, wrong_type
from stillwatch.exchanges.reader import Record

_REQUEST_IDS = ("x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "x-goog-request-id")
_SESSIONS = ("x-claude-code-session-id", "x-session-id", "session_id")
_HASH_DIGITS = 16

Headers = list[tuple[str, str]]


def header_list(value: Any, where: str) -> Headers:
    """Names in lower case, with their values, in the order received. Raises `BodyError`."""
    if value is None:
        return []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [_pair(item, f"{where}[{position}]") for position, item in enumerate(value)]
    else:
        raise wrong_type(where, "an object of headers or a list of pairs", value)
    return [(str(name).lower(), _value(said)) for name, said in pairs]


def _pair(item: Any, where: str) -> tuple[Any, Any]:
    if isinstance(item, dict) and "name" in item:
        return item["name"], item.get("value")
    if isinstance(item, list) and len(item) == 2:
        return item[0], item[1]
    raise wrong_type(where, "a header as [name, value]", item)


def _value(said: Any) -> str:
    if isinstance(said, list):
        return ", ".join(str(one) for one in said)
    return "" if said is None else str(said)


def client(headers: Headers) -> Record:
    """User agent, SDK, header hash, session, and the platform's own end user of a request."""
    found = dict(reversed(headers))  # of a repeated header the first
    return present(
        user_agent=found.get("user-agent") or None,
        sdk=_sdk(found),
        header_hash=header_hash(headers),
        session_id=next((found[name] for name in _SESSIONS if found.get(name)), None),
        end_user_id=found.get("anthropic-user-profile-id") or None,
    )


def _sdk(found: dict[str, str]) -> str | None:
    """`name/version (runtime)`, such as `python/3.3.0 (CPython 3.11.7)`, of an SDK that says so."""
    name = found.get("x-stainless-lang")
    if not name:
        return None
    version = found.get("x-stainless-package-version")
    runtime = [found.get("x-stainless-runtime"), found.get("x-stainless-runtime-version")]
    said = " ".join(part for part in runtime if part and part != "unknown")
    return (f"{name}/{version}" if version else name) + (f" ({said})" if said else "")


def header_hash(headers: Headers) -> str | None:
    """First 16 hex digits of the SHA-256 of the lower-case names, in order, one a line."""
    if not headers:
        return None
    return digest("\n".join(name for name, _ in headers))[:_HASH_DIGITS]


def request_id(answered: Headers) -> str | None:
    """The id the service gave the request, from the response's headers.

    The request's own headers are not asked: a client that sends the same id with every request would make
    all but the first look like broken repeats.
    """
    found = dict(reversed(answered))
    return next((found[name] for name in _REQUEST_IDS if found.get(name)), None)


def error_type(headers: Headers) -> str | None:
    """The error that AWS names in a response header."""
    named = dict(reversed(headers)).get("x-amzn-errortype", "")
    return named.partition(":")[0] or None
