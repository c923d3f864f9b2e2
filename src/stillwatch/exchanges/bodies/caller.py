"""The customer's own user, as a request body names it."""

from __future__ import annotations

import re

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, from_json, present
from stillwatch.exchanges.reader import Record

_AGENT_USER = re.compile(r"(user_[0-9a-f]+)_account_([0-9a-f-]*)_session_([0-9a-f-]+)\Z")


def caller(body: Body) -> Record:
    """`end_user_id`, and where the user's name packs them in, `session_id` and `device_id`.

    The most particular name counts: a registered `user_profile_id` (Anthropic), `safety_identifier` or its
    predecessor `user` (OpenAI), `metadata.user_id` (either). Raises `BodyError`.
    """
    metadata = body.get("metadata")
    named = [fields.text(body, "user_profile_id"), fields.identifier(body, "safety_identifier")]
    named.append(fields.identifier(body, "user"))
    if isinstance(metadata, dict):
        named.append(fields.identifier(metadata, "user_id", "metadata"))
    packed = [unpacked_user(name) for name in named if name]
    whole = {key: value for found in reversed(packed) for key, value in found.items()}
    return {**whole, **present(end_user_id=packed[0]["end_user_id"] if packed else None)}


def unpacked_user(user: str) -> Record:
    """`end_user_id` of a user name, and its `session_id` and `device_id` where a coding agent packs them in.

    Claude Code writes `user_DEVICE_account_UUID_session_UUID`, or the same as a JSON object in a string;
    gateways pass it on as `user`. Left whole, every session would look like a user of its own.
    """
    plain = _AGENT_USER.fullmatch(user)
    if plain:
        device, account, session = plain.groups()
        return present(end_user_id=account or device, session_id=session, device_id=device)
    return _unpacked_object(user) or {"end_user_id": user}


def _unpacked_object(user: str) -> Record:
    if not user.startswith("{"):
        return {}
    try:
        packed = from_json(user)
    except ValueError:
        return {}
    said = {key: value for key, value in packed.items() if isinstance(value, str) and value}
    device, session = said.get("device_id"), said.get("session_id")
    name = said.get("account_uuid") or device
    return present(end_user_id=name, session_id=session, device_id=device) if name else {}
