"""Makers of small lexicons, models, texts and exchanges for these tests; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.intents.concepts import (
    ANY_LANGUAGE,
    Entries,
    first_form,
    lexicon_folder,
    normalised,
    read_lexicon,
)
from stillwatch.intents.kernel import window_features
from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.model import Model, Reader, reader_of
from stillwatch.intents.reading import page_for, read
from stillwatch.intents.windows import FEATURES, desk
from stillwatch.sketches.buffers import Texts, texts
from stillwatch.sketches.unicode import unicode_table

SPOKEN = ("de", "en", "fr")
DE, EN, FR = 1, 2, 4
SIGN = first_form() - len(
    read_lexicon(lexicon_folder() / "signs.yaml")
)  # first concept that a sign must open
UNIT = 10  # of the small models' weights to one unit of log odds
NEVER = 1 << 29  # a cut that no score reaches


class Word(NamedTuple):
    """One entry of a lexicon: `think*` has any ending."""

    written: str
    concept: int
    languages: int = ANY_LANGUAGE

    @property
    def points(self) -> tuple[int, ...]:
        return tuple(normalised(self.written.rstrip("*")))

    @property
    def stem(self) -> bool:
        return self.written.endswith("*")


# Words that begin alike, of several languages, with and without endings, spaced and unspaced.
LEXICON = (
    Word("think", 0, EN),
    Word("think*", 1, DE | EN),
    Word("thinking", 2, EN),
    Word("think next", 3, EN | FR),
    Word("think next step*", 4),
    Word("gift", 5, EN),
    Word("gift", 6, DE),
    Word("über", 7, DE),
    Word("pensée*", 8, FR),
    Word("思", 9),
    Word("思考*", 10, FR),
    Word("思考过程", 11, FR),
    Word("gpt4", 12),
    Word("404", 13),
    Word("🙂", 14),
    Word("한국*", 15),
    Word("مرحبا", 16),
    Word("b", 17, DE),
    Word("name", SIGN),
    Word("sad_name*", SIGN + 1),
    Word("name*", 18),
)
PIECES = (
    "think", "thinks", "Thinking", "THINK NEXT", "think  next-steps", "think_next", "gift", "Gift.", "über", "uber",
    "u\u0308ber", "Pensées", "思", "思考", "思考过程", "思x", "思考x", "GPT-4", "gpt4", "gpt4o", "404", "４０４", "🙂",
    "한국어", "مَرْحَبًا", "مرحبا", "b", "B2", "<name>", "{{sad_name}}", "[Names]", "name:", '"name":', "ﷺ", "ﬁ", "½",
    "３.14", "x" * 50, "한국", "\u200b", "\x00", "é", "\u0301", "_", "#", "- ", "1. ", "A) ", "|", "?", ",a,b,", "://",
    "1-5", ";", "```", "Straße",
)  # fmt: skip
GLUE = (" ", "\n", "", "_", "-", ", ", "\t", "\u3000", "<", "'")


def texts_of_any_kind(most: int = 40) -> st.SearchStrategy[str]:
    """Any Unicode, and pieces that the lexicon and the forms know, glued together."""
    arbitrary = st.text(st.characters(exclude_categories=("Cs",)), max_size=most)
    glued = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GLUE)), max_size=most)
    return st.one_of(arbitrary, glued.map(lambda parts: "".join(word + glue for word, glue in parts)))


def entries(words: Iterable[Word]) -> Entries:
    """Return words as the arrays of a lexicon, sorted as `read_entries` sorts them."""
    found: dict[tuple[tuple[int, ...], bool, int], int] = {}
    for word in words:
        key = (word.points, word.stem, word.concept)
        found[key] = found.get(key, 0) | word.languages
    ordered = sorted(found)
    return Entries(
        points=np.array([p for points, _s, _c in ordered for p in points], dtype=np.uint32),
        ends=np.cumsum([len(points) for points, _s, _c in ordered]).astype(np.int64),
        concept=np.array([concept for _p, _s, concept in ordered], dtype=np.int64),
        languages=np.array([found[key] for key in ordered], dtype=np.int64),
        stem=np.array([stem for _p, stem, _c in ordered], dtype=np.bool_),
    )


@cache
def small_reader(words: tuple[Word, ...] = LEXICON) -> Reader:
    """Return a reader of a few words."""
    return reader_of(entries(words), SPOKEN)


def model(
    weights: Mapping[tuple[int, Label], int], cuts: Mapping[Label, int], words: Sequence[Word] = LEXICON
) -> Model:
    """Return a model that weighs only the features given and gives only the labels that have a cut."""
    table = np.zeros((FEATURES, LANES), dtype=np.int8)
    for (feature, label), weight in weights.items():
        table[feature, label] = weight
    levels = np.array([cuts.get(Label(lane), NEVER) for lane in range(LANES)], dtype=np.int32)
    return _model(small_reader(tuple(words)), table, np.zeros(LANES, dtype=np.int32), levels)


@cache
def noisy_model(seed: int = 1) -> Model:
    """Return a model in which every feature weighs something for every label: no change goes unseen."""
    draw = np.random.default_rng(seed)
    weights = draw.integers(-100, 101, size=(FEATURES, LANES), dtype=np.int8)
    bias = draw.integers(-20, 21, size=LANES, dtype=np.int32)
    return _model(small_reader(), weights, bias, draw.integers(-400, 400, size=LANES).astype(np.int32))


def _model(reader: Reader, weights: Any, bias: Any, cuts: Any) -> Model:
    knots = np.tile(np.array([-1000, 0, 1000], dtype=np.int32), (LANES, 1))
    chances = np.tile(np.array([0.0, 0.5, 1.0], dtype=np.float32), (LANES, 1))
    facts = {"unit": UNIT, "languages": list(SPOKEN)}
    return Model(reader, weights, bias, knots, chances, cuts, (cuts - 20).astype(np.int32), facts, "small")


def view(*values: str | bytes | None) -> Texts:
    """Return texts as kernels take them."""
    raw = [value.encode() if isinstance(value, str) else value for value in values]
    return texts(pa.array(raw, pa.large_binary()))


class Reading(NamedTuple):
    """What `read` finds in one text."""

    hits: list[tuple[int, int, int, int, int]]  # unit, concept, first byte, end byte, whether a word
    languages: list[int]
    words: list[tuple[int, int]]  # hash and unit
    language: int

    @property
    def concepts(self) -> list[int]:
        """Concepts of words, in order."""
        return [concept for _unit, concept, _start, _end, is_word in self.hits if is_word]

    @property
    def forms(self) -> list[int]:
        return [concept - first_form() for _unit, concept, _start, _end, is_word in self.hits if not is_word]


def read_text(
    text: str | bytes, reader: Reader | None = None, before: bytes = b"", after: bytes = b""
) -> Reading:
    """Read one text that stands between two others in memory."""
    reader = reader or small_reader()
    three = view(before, text, after)
    start, end = three.offsets[1:3]
    page = page_for(int(end - start))
    sign, form, _circumstance, english = (int(mark) for mark in reader.marks)
    hits, words, language = read(
        three.data, start, end, unicode_table(), reader.trie, sign, form, english, page
    )
    rows = [tuple(int(value) for value in page.hits[:, at]) for at in range(hits)]
    pairs = zip(page.words[:words], page.word_units[:words], strict=True)
    return Reading(rows, page.languages[:hits].tolist(), [(int(w), int(u)) for w, u in pairs], int(language))


def windows_of(
    one: Texts, given: Sequence[int], reader: Reader, most: int = 1 << 30
) -> list[tuple[int, int, list[int]]]:
    """Return the windows of texts: text, first unit, features."""
    longest = int(np.diff(one.offsets).max(initial=0))
    indices, ends, owner, begins = window_features(
        one,
        np.array(given, dtype=np.int64),
        unicode_table(),
        reader.trie,
        reader.marks,
        page_for(longest),
        desk(),
        most,
    )
    starts = np.concatenate([[0], ends[:-1]])
    return [
        (int(o), int(b), indices[first:last].tolist())
        for o, b, first, last in zip(owner, begins, starts, ends, strict=True)
    ]


def exchange(user: str | None = None, system: str | None = None, **said: Any) -> dict[str, Any]:
    """Return what a score needs of one exchange."""
    messages = [{"role": "user", "content": user}] if user is not None else None
    return {"system": system, "messages": messages, "layers": None} | said


def layer(author: str | None, message: int | None, start: int | None, end: int | None) -> dict[str, Any]:
    return {"author": author, "message": message, "start": start, "end": end}


def batch(
    *exchanges: Mapping[str, Any], columns: Sequence[str] = ("system", "messages", "layers")
) -> pa.RecordBatch:
    schema = pa.schema([EXCHANGE_SCHEMA.field(name) for name in columns])
    return pa.RecordBatch.from_pylist([dict(row) for row in exchanges], schema=schema)
