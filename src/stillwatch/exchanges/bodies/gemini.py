"""Google Gemini bodies (`generateContent`, `streamGenerateContent`), in camelCase or snake_case.

Keys as in `google-genai` 3.4.0. Text and media parts are the message, function calls lines of it, function
responses `tool` messages; parts marked `thought` are reasoning, and `thoughtSignature` on any part is the
opaque reasoning block. Thoughts are counted beside the answer there and within `output_tokens` here.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.content import (
    Piece,
    answer_text,
    arguments_text,
    canonical_role,
    joined_pieces,
    mark,
    run_together,
    split_turn,
    tool_call_line,
    tool_name,
)
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, digest, present, schema_hash, wrong_type
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.reader import Record


def gemini_request(body: Body) -> Record:
    """The canonical fields of a generateContent request. Raises `BodyError` on a value of the wrong type."""
    body = camel(body)
    turns = _turns(body.get("contents"))
    messages = [said for role, parts, where in turns for said in split_turn(role, _pieces(parts, where))]
    config = camel(fields.object_at(body, "generationConfig"))
    thinking = camel(fields.object_at(config, "thinkingConfig", "generationConfig"))
    return present(
        model=fields.text(body, "model"),
        system=_system(body.get("systemInstruction")),
        messages=None if body.get("contents") is None else messages,
        reasoning_ref=[ref for _, parts, _ in turns for ref in _sealed(parts)] or None,
        tools=_tool_names(body),
        tools_hash=schema_hash(body["tools"], "tools") if body.get("tools") else None,
        response_format=_response_format(config),
        reasoning_effort=fields.first(
            fields.text(thinking, "thinkingLevel", "thinkingConfig"),
            fields.identifier(thinking, "thinkingBudget", "thinkingConfig"),
        ),
        stream=fields.flag(body, "stream"),
        **_sampling(config, "generationConfig"),
    )


def _sampling(config: Body, where: str) -> Record:
    return present(
        temperature=fields.number(config, "temperature", where),
        top_p=fields.number(config, "topP", where),
        max_tokens=fields.integer(config, "maxOutputTokens", where),
        n=fields.integer(config, "candidateCount", where),
        seed=fields.integer(config, "seed", where),
        logprobs=fields.flag(config, "responseLogprobs", where),
    )


def camel(body: Body) -> Body:
    """The object with snake_case keys in camelCase: clients send either, logs keep what was sent."""
    if not any("_" in key for key in body):
        return body
    return {_camel_key(key): value for key, value in body.items()}


def _camel_key(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def _system(instruction: Any) -> str | None:
    if instruction is None or isinstance(instruction, str):
        return instruction or None
    where = "systemInstruction"
    return joined_pieces(_pieces(_parts(an_object(instruction, where), where), where)) or None


def _turns(contents: Any) -> list[tuple[str, list[Body], str]]:
    """Role, parts and place of each turn; one may stand without its list, a string for a user turn."""
    turns = contents if isinstance(contents, list) else [] if contents is None else [contents]
    found = []
    for position, value in enumerate(turns):
        where = f"contents[{position}]"
        turn = {"parts": [value]} if isinstance(value, str) else an_object(value, where)
        role = canonical_role(fields.first(turn.get("role"), "user"), f"{where}.role")
        found.append(("user" if role == "system" else role, _parts(turn, where), where))
    return found


def _parts(turn: Body, where: str) -> list[Body]:
    """The parts of a turn; a bare string stands for a text part."""
    parts = turn.get("parts")
    if isinstance(parts, str | dict):
        parts = [parts]
    if parts is not None and not isinstance(parts, list):
        raise wrong_type(f"{where}.parts", "a list of parts", parts)
    return [
        {"text": part} if isinstance(part, str) else camel(an_object(part, f"{where}.parts[{position}]"))
        for position, part in enumerate(parts or [])
    ]


def _pieces(parts: list[Body], where: str) -> list[Piece]:
    return [_piece(part, f"{where}.parts[{position}]") for position, part in enumerate(parts)]


def _piece(part: Body, where: str) -> Piece:
    if part.get("thought") is True:
        return Piece("thinking", "")
    if part.get("text") is not None:
        return Piece("text", fields.text(part, "text", where) or "")
    if part.get("functionCall") is not None:
        call = fields.object_at(part, "functionCall", where)
        return Piece("call", tool_call_line(call.get("name"), call.get("args"), where))
    if part.get("functionResponse") is not None:
        result = fields.object_at(part, "functionResponse", where)
        return Piece("result", arguments_text(result.get("response"), where))
    for key in ("inlineData", "fileData"):
        if part.get(key) is not None:
            medium = camel(fields.object_at(part, key, where))
            kind = str(medium.get("mimeType") or "file").partition("/")[0]
            sent = fields.first(medium.get("data"), medium.get("fileUri"), medium)
            name = kind if kind in ("image", "audio", "video") else "file"
            return Piece("mark", mark(name, sent, key == "inlineData", where=where))
    other = next((key for key in part if key != "thoughtSignature"), None)
    return Piece("mark", mark(other, part, where=where)) if other else Piece("thinking", "")


def _sealed(parts: list[Body]) -> list[str]:
    """SHA-256 of the thought signatures on parts, as transmitted."""
    seals = [part.get("thoughtSignature") for part in parts]
    return [digest(seal) for seal in seals if isinstance(seal, str) and seal]


def _tool_names(body: Body) -> list[str] | None:
    """Declared functions by name; a built-in tool by its key, such as `googleSearch`."""
    offered = fields.items(body, "tools")
    if offered is None:
        return None
    names: list[str] = []
    for position, value in enumerate(offered):
        where = f"tools[{position}]"
        for key, said in camel(an_object(value, where)).items():
            if key == "functionDeclarations" and isinstance(said, list):
                names += [tool_name(an_object(one, where).get("name"), where) for one in said]
            else:
                names.append(key)
    return names


def _response_format(config: Body) -> str | None:
    schema = fields.first(config.get("responseSchema"), config.get("responseJsonSchema"))
    if schema is not None:
        return schema_hash(schema, "generationConfig.responseSchema")
    wanted = fields.text(config, "responseMimeType", "generationConfig")
    return {"application/json": "json_object", "text/plain": "text"}.get(wanted, wanted) if wanted else None


def gemini_response(body: Body) -> Record:
    """The canonical fields of a generateContent response. Raises `BodyError` on a value of the wrong type."""
    body = camel(body)
    candidates = fields.items(body, "candidates") or []
    where = "candidates[0]"
    candidate = camel(an_object(candidates[0], where)) if candidates else {}
    where = f"{where}.content"
    parts = _parts(fields.object_at(candidate, "content", where), where)
    calls = _tool_calls(parts, where)
    blocked = fields.text(camel(fields.object_at(body, "promptFeedback")), "blockReason", "promptFeedback")
    ended = "content_filter" if blocked else finish_reason(candidate.get("finishReason"))
    return present(
        response_id=fields.text(body, "responseId"),
        model_served=fields.text(body, "modelVersion"),
        output=answer_text(run_together(_pieces(parts, where))),
        reasoning="\n".join(_thoughts(parts, where)) or None,
        reasoning_issued=_sealed(parts) or None,
        tool_calls=calls or None,
        refusal_category=blocked,
        **gemini_usage(camel(fields.object_at(body, "usageMetadata"))),
        **({"finish_reason": "tool_calls" if calls and ended == "stop" else ended} | error_fields(body)),
    )


def _thoughts(parts: list[Body], where: str) -> list[str]:
    thoughts = [fields.text(part, "text", where) for part in parts if part.get("thought") is True]
    return [thought for thought in thoughts if thought]


def _tool_calls(parts: list[Body], where: str) -> list[dict[str, str]]:
    calls = (fields.object_at(part, "functionCall", where) for part in parts)
    return [
        {"name": tool_name(call.get("name"), where), "arguments": arguments_text(call.get("args"), where)}
        for call in calls
        if call
    ]


def gemini_usage(usage: Body, where: str = "usageMetadata") -> Record:
    """Token counts; `output_tokens` is candidates and thoughts together, as other APIs count."""
    thought = fields.integer(usage, "thoughtsTokenCount", where)
    answered = fields.integer(usage, "candidatesTokenCount", where)
    return present(
        input_tokens=fields.integer(usage, "promptTokenCount", where),
        output_tokens=fields.total(answered, thought),
        reasoning_tokens=thought,
        cache_read_tokens=fields.integer(usage, "cachedContentTokenCount", where),
    )
