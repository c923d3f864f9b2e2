"""Makers of samples, lessons, corpora and answers; a test says only what matters to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
import zstandard

from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.model import Model
from stillwatch.intents.training.exam import Answers
from stillwatch.intents.training.lessons import Lessons, read_lessons
from stillwatch.intents.training.samples import Part, Sample
from tests.intents import makers

MAIN = Label.REASONING_ELICITATION
CONTENT = {
    "question": ["How many gifts?", "Which way is north?"],
    "answer": ["Seven.", "That way."],
    "request": ["Name a colour.", "Say good night."],
    "document": ["The mole was built of grey stone.", "Tides come twice a day."],
    "trace": ["Let me see. Seven it is.", "North is up, so up."],
}


def sample(text: str = "think", author: Any = "user", **said: Any) -> Sample:
    """One request of one part; a test says only what matters to it."""
    plain = {"family": "one_word", "language": "en", "source": "test"}
    parts = said.pop("parts", (Part(author, text),))
    return Sample(parts, **plain | said)


def told(**said: Any) -> dict[str, Any]:
    """Return what a file of lessons holds."""
    return {"language": "en", "content": CONTENT, "families": {"one_word": ["thanks"]}} | said


def lessons(folder: Path, name: str = "en.yaml", **said: Any) -> Lessons:
    """Write lessons and read them back."""
    (folder / name).write_text(
        yaml.safe_dump(told(**said), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return read_lessons(folder / name, "lessons")


def row(**said: Any) -> dict[str, Any]:
    """One line of a corpus."""
    return {
        "source": "somebody/prompts",
        "capability": "chat",
        "lang": "en",
        "prompt": "Say good night.",
    } | said


def corpus(folder: Path, files: Mapping[str, Sequence[Any]], suffix: str = ".jsonl") -> Path:
    """Write files of a corpus by name; a row that is text is written as it is."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        raw = "".join(line + "\n" for line in lines).encode()
        (folder / f"{name}{suffix}").write_bytes(
            zstandard.ZstdCompressor().compress(raw) if suffix.endswith(".zst") else raw
        )
    return folder


def model(cut: int = 0, knots: Sequence[int] = (-10, 10), levels: Sequence[float] = (0.0, 1.0)) -> Model:
    """Return a model that gives every label from one score on, and says these probabilities."""
    base = makers.model({}, dict.fromkeys(Label, cut))
    every = {
        "knots": np.tile(np.array(knots, dtype=np.int32), (LANES, 1)),
        "levels": np.tile(np.array(levels, dtype=np.float32), (LANES, 1)),
    }
    return Model(**{name: getattr(base, name) for name in base.__dataclass_fields__} | every)


def answers(
    scores: Iterable[int], known: Iterable[int], label: Label = MAIN, **said: str | Sequence[str]
) -> Answers:
    """Return what was said of one label; all else is unknown, and scored lowest."""
    score, truth = np.array(list(scores), dtype=np.int32), np.array(list(known), dtype=np.int8)
    table = np.full((len(score), LANES), np.iinfo(np.int32).min, dtype=np.int32)
    states = np.full((len(score), LANES), -1, dtype=np.int8)
    table[:, label], states[:, label] = score, truth
    plain = {"family": "one_word", "language": "en", "source": "test", "template": ""} | said
    columns = {
        name: np.array([value] * len(score) if isinstance(value, str) else value)
        for name, value in plain.items()
    }
    return Answers(table, states, **columns)
