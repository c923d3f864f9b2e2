"""Lessons and exams: templates of requests by family and language, rendered into samples.

A template holds slots in braces: phrases are wording and belong to the template; contents (a question, a document,
code) are what a program fills in, and tell nothing of what the request is after.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np
import yaml

from stillwatch.intents.training.families import FAMILIES
from stillwatch.intents.training.fillings import PROGRAM_SLOTS, program_slot
from stillwatch.intents.training.samples import Part, Sample

CONTENTS: Final = ("question", "answer", "request", "document", "trace")
FILLED: Final = frozenset((*CONTENTS, "code", "table", "image"))
DEEPEST: Final = 8  # phrases within phrases
_SLOT: Final = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class LessonError(ValueError):
    """A lessons file that cannot be used: names the file, the family and what is wrong."""


@dataclass(frozen=True)
class Lessons:
    """One language's lessons."""

    language: str
    source: str
    content: Mapping[str, Sequence[str]]
    phrases: Mapping[str, Sequence[str]]
    families: Mapping[str, Sequence[str | Mapping[str, str]]]


def lesson_files(folder: str) -> list[Traversable]:
    """Return the shipped files of `lessons` or `exam`, by name."""
    found = (files("stillwatch.intents") / folder).iterdir()
    chosen = [path for path in found if path.name.endswith(".yaml") and path.name != "fixtures.yaml"]
    return sorted(chosen, key=lambda path: path.name)


def read_lessons(path: Traversable, source: str) -> Lessons:
    """Read one language's lessons; LessonError where a family or a slot is not known."""
    raw: Any = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    lessons = Lessons(raw["language"], source, raw["content"], raw.get("phrases") or {}, raw["families"])
    known = {*CONTENTS, *lessons.phrases, *PROGRAM_SLOTS}
    for family, templates in lessons.families.items():
        if family not in FAMILIES:
            raise LessonError(
                f"{path.name}: families: expected one of {', '.join(FAMILIES)}, found {family!r}"
            )
        for template in templates:
            _check(path.name, family, [template] if isinstance(template, str) else template.values(), known)
    for name, phrases in lessons.phrases.items():
        _check(path.name, name, phrases, known)
    return lessons


def _check(file: str, where: str, texts: Iterable[str], known: set[str]) -> None:
    for text in texts:
        unknown = {name for name in _SLOT.findall(text) if name} - known
        if unknown:
            raise LessonError(f"{file}: {where}: unknown slots {sorted(unknown)} in {text[:80]!r}")


def read_folder(folder: str) -> list[Lessons]:
    """Read all shipped lessons (`lessons`) or exams (`exam`)."""
    return [read_lessons(path, folder) for path in lesson_files(folder)]


def render(lessons: Lessons, each: int, seed: int) -> Iterator[Sample]:
    """Yield `each` renderings of every template, the same for the same seed."""
    for family, templates in lessons.families.items():
        for template in templates:
            told = repr(template)
            name = hashlib.sha256(told.encode()).hexdigest()[:8]
            rng = np.random.default_rng([seed, int(name, 16)])
            for _rendering in range(each):
                yield _sample(lessons, family, template, name, rng)


def _sample(
    lessons: Lessons, family: str, template: str | Mapping[str, str], name: str, rng: np.random.Generator
) -> Sample:
    fixed: dict[str, str] = {}
    if isinstance(template, str):
        parts: tuple[Part, ...] = (_part("user", template, lessons, rng, fixed),)
    else:
        parts = tuple(
            _part(author, template[key], lessons, rng, fixed)
            for author, key in (("operator", "system"), ("user", "user"))
            if template.get(key)
        )
        if len(parts) == 2:  # the demand stands in the operator's text
            parts = (parts[0], Part(parts[1].author, parts[1].text, parts[1].fills, carries=False))
    known = FAMILIES[family]
    return Sample(
        parts, family, lessons.language, lessons.source, frozenset(known.true), frozenset(known.unknown), name
    )


def _part(
    author: Any, template: str, lessons: Lessons, rng: np.random.Generator, fixed: dict[str, str]
) -> Part:
    pieces: list[str] = []
    fills: list[tuple[int, int]] = []
    _write(template, lessons, rng, fixed, pieces, fills, 0)
    return Part(author, "".join(pieces), tuple(fills))


def _write(
    template: str, lessons: Lessons, rng: np.random.Generator, fixed: dict[str, str], pieces: list[str],
    fills: list[tuple[int, int]], depth: int,
) -> None:  # fmt: skip
    if depth > DEEPEST:
        raise LessonError(f"{lessons.language}: phrases nest too deeply at {template[:60]!r}")
    at = 0
    for match in _SLOT.finditer(template):
        pieces.append(template[at : match.start()])
        at = match.end()
        name = match.group(1)
        if name is None:
            pieces.append(match.group()[0])
        elif name in lessons.phrases:
            chosen = str(rng.choice(np.array(lessons.phrases[name], dtype=object)))
            _write(chosen, lessons, rng, fixed, pieces, fills, depth + 1)
        else:
            start = sum(map(len, pieces))
            pieces.append(_filling(name, lessons, rng, fixed))
            if name in FILLED:
                fills.append((start, start + len(pieces[-1])))
    pieces.append(template[at:])


def _filling(name: str, lessons: Lessons, rng: np.random.Generator, fixed: dict[str, str]) -> str:
    if name in ("tag", "letter") and name in fixed:  # <tag> and </tag> are one
        return fixed[name]
    if name in CONTENTS:
        return str(rng.choice(np.array(lessons.content[name], dtype=object)))
    fixed[name] = program_slot(name, rng)
    return fixed[name]
