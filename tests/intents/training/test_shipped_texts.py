"""Every shipped file of lessons, exam and lexicon can be used, and they fit each other."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from stillwatch.intents.concepts import (
    ENGLISH,
    SIGNS,
    concept_names,
    languages,
    lexicon_folder,
    normalised,
    read_lexicon,
)
from stillwatch.intents.training.exam import fixtures
from stillwatch.intents.training.families import FAMILIES
from stillwatch.intents.training.lessons import CONTENTS, Lessons, lesson_files, read_lessons, render

FOLDERS = ("lessons", "exam")
FILES = [(folder, path) for folder in FOLDERS for path in lesson_files(folder)]
SLOT = re.compile(r"\{(\w+)\}")
STANDARD = 20  # letters of wording: shorter templates are what everybody writes

each_file = pytest.mark.parametrize(("folder", "path"), FILES, ids=[f"{f}/{p.name}" for f, p in FILES])
each_lexicon = pytest.mark.parametrize("language", (*languages(), SIGNS))


@cache
def taught(folder: str, path: Traversable) -> Lessons:
    return read_lessons(path, folder)


@each_file
def test_a_file_is_in_the_language_of_its_name_and_has_contents_of_every_kind(
    folder: str, path: Traversable
) -> None:
    lessons = taught(folder, path)
    assert path.name.split(".")[0].split("-")[0] == lessons.language
    assert lessons.content.keys() == set(CONTENTS)
    for texts in (*lessons.content.values(), *lessons.phrases.values(), *lessons.families.values()):
        assert texts and all(isinstance(each, str | dict) and each for each in texts)


@each_file
def test_every_template_has_known_authors_and_can_be_rendered(folder: str, path: Traversable) -> None:
    lessons = taught(folder, path)
    for template in (t for templates in lessons.families.values() for t in templates):
        if not isinstance(template, str):
            assert template.keys() <= {"system", "user"} and all(map(str.strip, template.values()))
    made = list(render(lessons, 2, 1))
    assert len(made) == 2 * sum(map(len, lessons.families.values()))
    assert all(part.text.strip() for each in made for part in each.parts)
    assert all(each.parts for each in made)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_family_is_taught_and_examined_in_every_language(folder: str) -> None:
    spoken: dict[str, set[str]] = {}
    for where, path in FILES:
        if where == folder:
            lessons = taught(where, path)
            spoken.setdefault(lessons.language, set()).update(lessons.families)
    missing = {language: FAMILIES.keys() - families for language, families in spoken.items()}
    assert not any(missing.values()), missing


def test_some_languages_are_examined_that_are_never_taught() -> None:
    taught_in, examined = ({taught(f, p).language for f, p in FILES if f == folder} for folder in FOLDERS)
    assert taught_in < examined and len(examined - taught_in) >= 2


def test_no_template_of_the_exam_is_a_lesson() -> None:
    known = {
        (taught(f, p).language, repr(t))
        for f, p in FILES
        if f == "lessons"
        for ts in taught(f, p).families.values()
        for t in ts
    }
    for folder, path in FILES:
        if folder == "exam":
            exam = taught(folder, path)
            long = [t for ts in exam.families.values() for t in ts if _letters(t) > STANDARD]
            assert long and not [t for t in long if (exam.language, repr(t)) in known]


def _letters(template: Any) -> int:
    text = template if isinstance(template, str) else " ".join(template.values())
    return sum(map(str.isalpha, SLOT.sub("", text)))


@each_lexicon
def test_a_lexicon_has_words_for_every_concept_and_can_be_matched(language: str) -> None:
    lexicon = read_lexicon(lexicon_folder() / f"{language}.yaml")
    if language != SIGNS:
        assert list(lexicon) == list(read_lexicon(lexicon_folder() / f"{ENGLISH}.yaml"))
    for concept, words in lexicon.items():
        assert words and all(isinstance(word, str) for word in words), concept
        assert [w for w in words if not normalised(w.rstrip("*"))] == [], concept
        assert [w for w in words if "*" in w[:-1]] == [], "a star stands for any ending, and nowhere else"


def test_no_concept_has_the_name_of_another() -> None:
    assert len(set(concept_names())) == len(concept_names())


def test_every_fixture_has_a_name_of_its_own_says_what_it_is_about_and_asks_something() -> None:
    found = fixtures()
    assert len(found) >= 50 and len({row.id for row in found}) == len(found)
    for row in found:
        assert row.about.strip() and row.exchange.get("messages")
        assert any(turn["role"] == "user" and turn["content"].strip() for turn in row.exchange["messages"])
