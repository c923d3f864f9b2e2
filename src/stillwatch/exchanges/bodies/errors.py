"""Error bodies: every vendor's way to say that no answer came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillwatch.exchanges.bodies.fields import Body, present
from stillwatch.exchanges.reader import Record

_FILTERED = {"content_filter", "content_policy_violation", "responsibleaipolicyviolation"}


def error_fields(body: Body) -> Record:
    """`error_type` and `finish_reason` of a body that holds an error; empty if it holds none.

    Knows `{"error": {"type", "code", "status"}}` (OpenAI, Azure, Anthropic, Google), `{"error": "text"}`
    (many gateways) and `{"__type": …}` (AWS). Never raises: an error is logged in whatever shape it had.
    """
    error = body.get("error")
    if isinstance(error, Mapping) and error:
        named = [error.get(key) for key in ("type", "status", "code")]
        kind = next((str(name) for name in named if isinstance(name, str | int) and name), "error")
        return present(error_type=kind, finish_reason=_finish(error, kind))
    if isinstance(error, str) and error:
        return present(error_type="error", finish_reason="error")
    aws = body.get("__type")
    if isinstance(aws, str) and aws:
        return present(error_type=aws.rpartition("#")[2], finish_reason="error")
    return {}


def _finish(error: Mapping[str, Any], kind: str) -> str:
    said = {str(error.get("code")).lower(), kind.lower()}
    return "content_filter" if said & _FILTERED else "error"
