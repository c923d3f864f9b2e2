"""Why a request was given a label: the shortest stretch without which it would not have been, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.intents.authors import OPERATOR, Asked, asked
from stillwatch.intents.concepts import CONCEPTS, concept_names
from stillwatch.intents.labels import CAPABILITIES, LABELS, Label
from stillwatch.intents.model import Model, shipped_model
from stillwatch.intents.record import Record, record, text_of
from stillwatch.intents.score import circumstances_of, score_asked, score_texts
from stillwatch.intents.windows import CLOSE, HASHED, TOGETHER
from stillwatch.sketches.buffers import texts

MOST_PIECES: Final = 400  # of a text that are tried
LONGEST_RUN: Final = 8  # pieces taken out together
MOST_PLACES: Final = 64  # where the words found stand in the request
TOP: Final = 8  # features shown
FEWEST_WORDS: Final = 4  # of a stretch that is shown
_PIECE: Final = re.compile(
    r"[^\n.!?;:,。！？；：，、।؟]*[\n.!?;:,。！？；：，、।؟]+|[^\n.!?;:,。！？；：，、।؟]+$"
)
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class Span:
    """A stretch of the request. `message` is -1 for the system text; `start`, `end` are characters, None where the
    stretch is not of one piece in the request as sent."""

    author: str
    message: int
    start: int | None
    end: int | None
    text: str


class Found(NamedTuple):
    """A stretch of an author's own text that decides, and the score that is left without it."""

    own: str
    start: int
    end: int
    score: int


@dataclass(frozen=True)
class Explanation:
    """Why a label was given, or what spoke for it most."""

    label: str
    probability: float
    given: bool
    span: Span | None  # the shortest stretch found whose removal takes the label away
    without: float | None  # probability once it is removed
    features: tuple[tuple[str, float], ...]  # what weighed most in the best window, in units of log odds
    record: Record

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        if not self.given:
            return f"not {self.label} (probability {self.probability:.2f})"
        if self.span is None:
            return f"{self.label} (probability {self.probability:.2f}) by the text as a whole: no short part decides"
        return (
            f"{self.label} (probability {self.probability:.2f}) because the {self.span.author} wrote "
            f"{self.span.text!r}; without it {self.without:.2f}"
        )


def explain(exchange: Mapping[str, Any], label: str | None = None, model: Model | None = None) -> Explanation:
    """Explain a label of one canonical exchange, by default the most probable capability of
    those given, else of all.

    ValueError for a label that does not exist.
    """
    if label is not None and label not in LABELS:
        raise ValueError(f"label: expected one of {', '.join(LABELS)}, found {label!r}")
    model = model or shipped_model()
    batch = pa.RecordBatch.from_pylist([dict(exchange)], schema=_schema_of(exchange))
    own = asked(batch)
    given = circumstances_of(own)
    by_author = {"operator": (own.operator, int(given[0][0])), "user": (own.user, int(given[1][0]))}
    made = record(by_author, model)
    chosen = label or max(
        (capability.slug for capability in CAPABILITIES),
        key=lambda name: (made.labels[name].given, made.labels[name].probability),
    )
    row, number = made.labels[chosen], Label(LABELS.index(chosen))
    span, without = None, None
    if row.given and row.author is not None:
        scores = score_asked(own, model)
        other = int((scores.user if row.author == "operator" else scores.operator)[0, number])
        found = _shortest(text_of(by_author[row.author][0]), by_author[row.author][1], number, model)
        if found is not None and other < model.cuts[number]:
            span = _place(exchange, own, row.author, found)
            without = float(model.probability(number, max(found.score, other)))
    return Explanation(
        chosen, row.probability, row.given, span, without, _top(row.features, number, model), made
    )


def _schema_of(exchange: Mapping[str, Any]) -> pa.Schema:
    return pa.schema([field for field in EXCHANGE_SCHEMA if field.name in exchange])


def _shortest(raw: bytes | None, given: int, label: Label, model: Model) -> Found | None:
    """Return the shortest run of pieces whose removal takes the label away, trimmed."""
    if raw is None:
        return None
    text = raw.decode("utf-8", errors="replace")
    pieces = [match.group() for match in _PIECE.finditer(text)][:MOST_PIECES]
    runs = [(a, a + size) for size in range(1, LONGEST_RUN + 1) for a in range(len(pieces) - size + 1)]
    ends = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])])
    tight = {_tight(text, int(ends[a]), int(ends[b])) for a, b in runs}
    spans = sorted(((a, b) for a, b in tight if a < b), key=lambda s: (s[1] - s[0], s))
    found = _first_that_decides(text, spans, given, label, model)
    return _trimmed(text, found, given, label, model) if found is not None else None


def _tight(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the white space at its ends."""
    whole = text[start:end]
    return start + len(whole) - len(whole.lstrip()), start + len(whole.rstrip())


def _scores_without(
    text: str, spans: Sequence[tuple[int, int]], given: int, label: Label, model: Model
) -> Iterator[int]:
    for at in range(0, len(spans), 256):
        left = [text[:a] + " " + text[b:] for a, b in spans[at : at + 256]]
        scores = score_texts(texts(pa.array(left, pa.large_string())), np.full(len(left), given), model)
        yield from (int(score) for score in scores[:, label])


def _first_that_decides(
    text: str, spans: Sequence[tuple[int, int]], given: int, label: Label, model: Model
) -> tuple[int, int] | None:
    cut = int(model.cuts[label])
    scores = _scores_without(text, spans, given, label, model)
    return next((span for span, score in zip(spans, scores, strict=False) if score < cut), None)


def _trimmed(text: str, span: tuple[int, int], given: int, label: Label, model: Model) -> Found:
    """Leave out words at both ends for as long as taking the rest away still decides, down to FEWEST_WORDS of them.

    Near the cut any word tips the scales; a person needs a phrase.
    """
    cut = int(model.cuts[label])
    start, end = span
    words = [(start + match.start(), start + match.end()) for match in _WORD.finditer(text[start:end])]
    tries = [(first, end) for first, _last in words[: max(1, len(words) - FEWEST_WORDS + 1)]]
    kept = [
        s
        for s, score in zip(tries, _scores_without(text, tries, given, label, model), strict=True)
        if score < cut
    ]
    start = max((a for a, _b in kept), default=start)
    after = [last for _first, last in words if last > start]
    tries = [(start, last) for last in after[min(FEWEST_WORDS, len(after)) - 1 :]]
    scores = _scores_without(text, tries, given, label, model)
    return next(Found(text, a, b, s) for (a, b), s in zip(tries, scores, strict=True) if s < cut)


def _place(exchange: Mapping[str, Any], own: Asked, author: str, found: Found) -> Span:
    message = OPERATOR if author == "operator" else int(own.last_user[0])
    text = found.own[found.start : found.end]
    at = _source(exchange, message, author, found)
    written_by = _layer_author(exchange, message, at) or author
    return Span(written_by, message, at if at >= 0 else None, at + len(text) if at >= 0 else None, text)


def _source(exchange: Mapping[str, Any], message: int, author: str, found: Found) -> int:
    """Return where a stretch of an author's own text stands in the request, -1 where it is not of one piece.

    What others wrote may hold the same words: it stands where blanking the request blanks the author's text so.
    """
    text, blank = found.own[found.start : found.end], " " * (found.end - found.start)
    whole = str(exchange["system"] if message == OPERATOR else exchange["messages"][message]["content"])
    places = [at for at in range(len(whole)) if whole.startswith(text, at)][:MOST_PLACES]
    blanked = [_with(exchange, message, whole[:at] + blank + whole[at + len(text) :]) for at in places]
    if not places:
        return -1
    left = asked(pa.RecordBatch.from_pylist(blanked, schema=_schema_of(exchange)))
    expected = (found.own[: found.start] + blank + found.own[found.end :]).encode()
    texts_left = left.operator if author == "operator" else left.user
    return next((at for row, at in enumerate(places) if text_of(texts_left, row) == expected), -1)


def _with(exchange: Mapping[str, Any], message: int, text: str) -> dict[str, Any]:
    if message == OPERATOR:
        return {**exchange, "system": text}
    turns = list(exchange["messages"])
    turns[message] = {**turns[message], "content": text}
    return {**exchange, "messages": turns}


def _layer_author(exchange: Mapping[str, Any], message: int, at: int) -> str | None:
    for layer in exchange.get("layers") or ():
        start, end = layer["start"], layer["end"]
        if layer["message"] == message and None not in (start, end) and start <= at < end:
            return str(layer["author"])
    return None


def _top(features: Sequence[int], label: Label, model: Model) -> tuple[tuple[str, float], ...]:
    unit = float(model.facts["unit"])
    weighed = [(feature, int(model.weights[feature, label]) / unit) for feature in features]
    weighed.sort(key=lambda item: (-abs(item[1]), item[0]))
    return tuple((feature_name(feature), round(weight, 3)) for feature, weight in weighed[:TOP])


def feature_name(feature: int) -> str:
    """Return a feature in words: a concept, two of them together or close, or a word (by its number)."""
    names = [*concept_names(), *("?" for _rest in range(CONCEPTS))]
    if feature >= HASHED:
        return f"words #{feature - HASHED}"
    if feature >= CLOSE:
        first, second = divmod(feature - CLOSE, CONCEPTS)
        return f"{names[first]} just before {names[second]}"
    if feature >= TOGETHER:
        first, second = divmod(feature - TOGETHER, CONCEPTS)
        return f"{names[first]} with {names[second]}"
    return names[feature]
