"""What LiteLLM's two logs share: the callback payload and the spend log describe a call in the same words.

Field names of LiteLLM 1.109. Bodies go through the converters of the API that was called. LiteLLM's
placeholders are not values: `default_user_id` owns the keys nobody owns, redacted text is no text, and a
failed call's zero tokens were never counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillwatch.exchanges.bodies import apis, fields, headers
from stillwatch.exchanges.bodies.envelope import parsed_body
from stillwatch.exchanges.bodies.fields import Body, BodyError, exchange, present
from stillwatch.exchanges.bodies.openai_chat import chat_usage
from stillwatch.exchanges.convert import BadValueError, to_time
from stillwatch.exchanges.json_values import NotJSONError, decode
from stillwatch.exchanges.reader import Record

PLATFORM = "gateway:litellm"
_REDACTED = "redacted-by-litellm"
_NOBODY = "default_user_id"
_APIS: Mapping[str, apis.Api] = {
    "completion": apis.CHAT,
    "text_completion": apis.COMPLETIONS,
    "embedding": apis.EMBEDDINGS,
    "responses": apis.RESPONSES,
    "anthropic_messages": apis.MESSAGES,
    "generate_content": apis.GEMINI,
}


def api_of_call(call_type: object) -> apis.Api | None:
    """The API of a call: `completion`, `acompletion`, `aresponses`, …; None for what is no inference."""
    if not isinstance(call_type, str):
        return None
    name = call_type.removesuffix("_stream")
    return _APIS.get(name) or (_APIS.get(name[1:]) if name.startswith("a") else None)


def unpacked(value: Any) -> Any:
    """A JSON column as a value: databases and CSV give it as text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return decode(value.encode("utf-8", "replace"))
        except NotJSONError:
            return value
    return value


def request_fields(call_type: Any, parameters: Body, messages: Any) -> Record:
    """The canonical fields of what was asked: parameters as sent, and the conversation beside them."""
    api = api_of_call(call_type)
    if api is None:
        return {}
    body: Body = dict(parameters)
    messages = unpacked(messages)
    if isinstance(messages, dict):  # pass-through calls log the whole body here
        body = {**messages, **body}
    elif messages and not _is_redacted(messages):
        body = {**body, _conversation_key(api, messages): messages}
    if api is apis.CHAT or api is apis.MESSAGES:
        body = _without_redacted(body)
    return {"api": api.api, **_under("model_parameters", api, body)}


def _conversation_key(api: apis.Api, messages: Any) -> str:
    if api is apis.COMPLETIONS:
        return (
            "messages"
            if isinstance(messages, list) and messages and isinstance(messages[0], dict)
            else "prompt"
        )
    if api is apis.GEMINI:
        return "contents"
    return "input" if api in (apis.RESPONSES, apis.EMBEDDINGS) else "messages"


def _under(where: str, api: apis.Api, body: Body) -> Record:
    try:
        if api is apis.COMPLETIONS and isinstance(body.get("messages"), list):
            return apis.CHAT.request(body)  # LiteLLM rewrites a prompt as a conversation
        if isinstance(body.get("messages"), str):
            body = {**body, "messages": [{"role": "user", "content": body["messages"]}]}
        return api.request(body)
    except BodyError as error:
        raise BodyError(f"{where}.{error.field}", error.reason) from None


def _without_redacted(body: Body) -> Body:
    return {k: v for k, v in body.items() if not (k == "messages" and _is_redacted(v))}


def _is_redacted(messages: Any) -> bool:
    if isinstance(messages, list) and messages:
        last = messages[-1]
        return isinstance(last, dict) and last.get("content") == _REDACTED
    return isinstance(messages, str) and messages == _REDACTED


def response_fields(call_type: Any, response: Any) -> Record:
    """The canonical fields of the answer: the body of any API, or bare text."""
    response = unpacked(response)
    if isinstance(response, str):
        return {} if response in ("", _REDACTED) else {"output": response}
    if not isinstance(response, dict) or response.get("text") == _REDACTED:
        return {}
    api = apis.api_of_response(response) or api_of_call(call_type)
    if api is None:
        return {}
    try:
        found = api.response(response)
    except BodyError as error:
        raise BodyError(f"response.{error.field}", error.reason) from None
    if found.get("output") == _REDACTED:
        found.pop("output")
    return found


def owner(metadata: Body, user: Any, key: Any) -> Record:
    """Who is behind a call. A key without an owner stands for itself: it is what can be suspended."""
    user = fields.first(_label(user), _label(metadata.get("user_api_key_user_id")))
    key = fields.first(
        _label(key), _label(metadata.get("user_api_key_hash")), _label(metadata.get("user_api_key"))
    )
    return present(
        account_id=user if user and user != _NOBODY else key,
        org_id=_label(metadata.get("user_api_key_org_id")),
        project_id=fields.first(
            _label(metadata.get("user_api_key_project_id")), _label(metadata.get("user_api_key_team_id"))
        ),
        key_id=key,
    )


def _label(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def client(row: Body, metadata: Body) -> Record:
    """Address, user agent and what the forwarded `x-` headers say of the SDK."""
    custom = metadata.get("requester_custom_headers")
    forwarded = headers.client(headers.header_list(custom, "metadata.requester_custom_headers"))
    forwarded.pop("header_hash", None)  # of the `x-` headers alone: comparable with nothing
    return forwarded | present(
        ip=fields.first(
            _label(row.get("requester_ip_address")), _label(metadata.get("requester_ip_address"))
        ),
        user_agent=fields.first(_label(row.get("user_agent")), _label(metadata.get("user_agent"))),
    )


def outcome(status: Any, error: Any, tokens: Body, usage: Any) -> Record:
    """HTTP status, error and token counts; a failed call has no counts."""
    error = unpacked(error)
    named = error if isinstance(error, dict) else {}
    if status == "failure" or named.get("error_class") or named.get("error_code"):
        code = str(named.get("error_code") or "")
        return present(
            status=int(code) if code.isdecimal() and 100 <= int(code) <= 599 else None,
            error_type=_label(named.get("error_class")) or "error",
            finish_reason="error",
        )
    usage = unpacked(usage)
    counted = chat_usage(usage, "metadata.usage_object") if isinstance(usage, dict) else {}
    return {"status": 200 if status == "success" else None, **counted} | present(
        input_tokens=tokens.get("prompt_tokens") or None,
        output_tokens=tokens.get("completion_tokens") or None,
    )


def spans(start: Any, end: Any, first_token: Any, streamed: Any) -> Record:
    """`time`, `duration_ms` and `ttft_ms` of three instants, epoch seconds or RFC 3339 text.

    Without streaming the first token is the whole answer, so its time says nothing.
    """
    found: Record = {"time": start}
    try:
        begun, ended, spoke = to_time(start), to_time(end), to_time(first_token)
    except BadValueError:  # a bad start is refused by validation, which names it
        return found
    if begun is not None and ended is not None and ended >= begun:
        found["duration_ms"] = (ended - begun).total_seconds() * 1000
    if begun is not None and spoke is not None and streamed and spoke >= begun:
        found["ttft_ms"] = (spoke - begun).total_seconds() * 1000
    return found


def call_record(asked: Record, answered: Record, around: Record) -> Record:
    """One record of request, response and what LiteLLM logged around them, which wins."""
    return exchange(asked, {**answered, **present(**around)})


def metadata_of(row: Body) -> Body:
    """The `metadata` of a row as an object, unpacked from text where it is a JSON column."""
    return parsed_body(unpacked(row.get("metadata")) or None, "metadata")
