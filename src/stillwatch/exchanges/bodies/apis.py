"""Which API a pair of bodies belongs to: told from the path, else from what is in the bodies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from stillwatch.exchanges.bodies.anthropic_messages import anthropic_request, anthropic_response
from stillwatch.exchanges.bodies.bedrock_converse import converse_request, converse_response
from stillwatch.exchanges.bodies.fields import Body, BodyError
from stillwatch.exchanges.bodies.gemini import gemini_request, gemini_response
from stillwatch.exchanges.bodies.openai_chat import openai_request, openai_response
from stillwatch.exchanges.bodies.openai_completions import (
    completions_request,
    completions_response,
    embeddings_request,
    embeddings_response,
)
from stillwatch.exchanges.bodies.openai_responses import responses_request, responses_response
from stillwatch.exchanges.bodies.prompts import prompt_request, prompt_response
from stillwatch.exchanges.reader import Record


@dataclass(frozen=True, slots=True)
class Api:
    """How one API's bodies become records. `api` is the canonical column."""

    api: str
    request: Callable[[Body], Record]
    response: Callable[[Body], Record]

    def asked(self, body: Body, refused: bool) -> Record:
        """The record of a request; of a malformed one an empty record, if the service refused it too."""
        try:
            return self.request(body)
        except BodyError:
            if not refused:
                raise
            return {}


CHAT = Api("chat", openai_request, openai_response)
RESPONSES = Api("responses", responses_request, responses_response)
MESSAGES = Api("messages", anthropic_request, anthropic_response)
COMPLETIONS = Api("completions", completions_request, completions_response)
EMBEDDINGS = Api("embeddings", embeddings_request, embeddings_response)
# The schema has no word of their own for these; they hold conversations, as `chat` does.
GEMINI = Api("chat", gemini_request, gemini_response)
CONVERSE = Api("chat", converse_request, converse_response)
PROMPT = Api("completions", prompt_request, prompt_response)

_ENDPOINTS = (
    (re.compile(r"/chat/completions\Z"), CHAT),
    (re.compile(r"/responses\Z"), RESPONSES),
    (re.compile(r"/v1/messages\Z|/publishers/anthropic/.*:(stream)?rawPredict\Z", re.IGNORECASE), MESSAGES),
    (re.compile(r"/completions\Z"), COMPLETIONS),
    (re.compile(r"/v1/complete\Z"), PROMPT),
    (re.compile(r"/embeddings\Z"), EMBEDDINGS),
    (re.compile(r":(stream)?generateContent\Z", re.IGNORECASE), GEMINI),
    (re.compile(r"/converse(-stream)?\Z"), CONVERSE),
)
# Endpoints that take the same bodies and answer something else.
_OTHER = re.compile(
    r"/(count_tokens|input_tokens|batches|moderations|tokenize|compact)\Z|:(count|batch)\w+\Z"
)
_MODEL = re.compile(
    r"/(?:models|model|deployments)/([^/]+?)(?::(?:stream)?(?:rawPredict|generateContent|predict))?(?:/|\Z)",
    re.IGNORECASE,
)
_MODEL_CALL = re.compile(r"/invoke(-with-response-stream)?\Z|:(stream)?(rawPredict|predict)\Z", re.IGNORECASE)
_STREAM = re.compile(r":stream\w+\Z|/converse-stream\Z|/invoke-with-response-stream\Z", re.IGNORECASE)
_PLATFORMS = (
    (re.compile(r"/model/[^/]+/(converse|invoke)"), "bedrock"),
    (re.compile(r"/projects/[^/]+/locations/"), "vertex"),
    (re.compile(r"/openai/deployments/"), "azure"),
)
_PATHS_KEPT = 1024  # a log has few paths, each of them on very many lines
_LONGEST_PATH = 1024  # longer ones are no endpoint's, and would only cost time and memory


def bare_path(path: str | None) -> str:
    """The path without scheme, host, query and closing slash; empty for one too long to be an endpoint."""
    bare = (path or "").partition("?")[0].partition("#")[0]
    if "://" in bare[:12]:
        bare = "/" + bare.partition("://")[2].partition("/")[2]
    return bare.rstrip("/") if len(bare) <= _LONGEST_PATH else ""


def api_of_path(path: str | None) -> Api | None:
    """The API of a known endpoint; None for any other path."""
    return _endpoint(bare_path(path))


@lru_cache(_PATHS_KEPT)
def _endpoint(bare: str) -> Api | None:
    return next((api for pattern, api in _ENDPOINTS if pattern.search(bare)), None)


def is_no_inference(path: str | None) -> bool:
    """Whether a path is a known endpoint that takes such bodies but gives no answer of a model."""
    return bool(_OTHER.search(bare_path(path)))


def api_of_bodies(request: Body, response: Body) -> Api | None:
    """The API that the bodies are shaped for: gateways put paths of their own before them."""
    return api_of_response(response) or api_of_request(request)


def api_of_request(body: Body) -> Api | None:
    """The API that a request body is shaped for, if its keys tell."""
    if "contents" in body:
        return GEMINI
    if isinstance(body.get("messages"), list):
        return _of_messages(body)
    if "input" in body:
        plain = {"encoding_format", "dimensions"} & body.keys() or body.keys() <= {"input", "model", "user"}
        return EMBEDDINGS if plain else RESPONSES
    if {"inputText", "max_gen_len", "max_tokens_to_sample", "chat_history"} & body.keys():
        return PROMPT
    if "prompt" in body:
        return COMPLETIONS if "model" in body else PROMPT
    return PROMPT if isinstance(body.get("message"), str) else None


def _of_messages(body: Body) -> Api:
    if {"inferenceConfig", "toolConfig", "additionalModelRequestFields", "schemaVersion"} & body.keys():
        return CONVERSE
    if {"anthropic_version", "system", "thinking", "output_config", "stop_sequences"} & body.keys():
        return CONVERSE if _untyped(body.get("system")) else MESSAGES
    turns = [turn.get("content") for turn in body["messages"] if isinstance(turn, dict)]
    if any(_untyped(content) for content in turns):
        return CONVERSE
    typed = {"tool_result", "tool_use", "document", "thinking", "redacted_thinking"}
    kinds = {part.get("type") for content in turns if isinstance(content, list) for part in _objects(content)}
    return MESSAGES if typed & {kind for kind in kinds if isinstance(kind, str)} else CHAT


def _objects(content: list[Any]) -> list[Body]:
    return [part for part in content if isinstance(part, dict) and isinstance(part.get("type"), str)]


def _untyped(content: Any) -> bool:
    """Converse names its parts by a key, and gives them no `type`."""
    return isinstance(content, list) and any(
        isinstance(part, dict) and "type" not in part for part in content
    )


def api_of_response(body: Body) -> Api | None:
    """The API that a response body comes from, if its keys tell."""
    kind = body.get("object")
    if kind == "response":
        return RESPONSES
    if kind == "text_completion":
        return COMPLETIONS
    if "choices" in body:
        return CHAT
    if body.get("type") == "message" or ("stop_reason" in body and isinstance(body.get("content"), list)):
        return MESSAGES
    if "candidates" in body or "promptFeedback" in body:
        return GEMINI
    if isinstance(body.get("output"), dict) and "message" in body["output"]:
        return CONVERSE
    if {"generation", "outputs", "results", "generations", "completions", "completion"} & body.keys():
        return PROMPT
    return None


def from_path(path: str | None) -> Record:
    """What a path says: the model of APIs that name it there, streaming, and the cloud platform."""
    return dict(_said_by(bare_path(path)))


@lru_cache(_PATHS_KEPT)
def _said_by(bare: str) -> Record:
    found: Record = {}
    model = _MODEL.search(bare)
    if model and (_endpoint(bare) or _MODEL_CALL.search(bare)):
        found["model"] = unquote(model.group(1))
    if _STREAM.search(bare):
        found["stream"] = True
    platform = next((name for pattern, name in _PLATFORMS if pattern.search(bare)), None)
    if platform:
        found["platform"] = platform
    return found
