"""Lexicons: the same concepts in every language, and words folded as texts are."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents import concepts
from stillwatch.intents.concepts import (
    ANY_LANGUAGE,
    CONCEPTS,
    ENGLISH,
    SEPARATOR,
    SIGNS,
    Circumstance,
    Entries,
    Form,
    concept_names,
    first_form,
    is_accent,
    languages,
    lexicon_folder,
    normalised,
    read_entries,
    read_lexicon,
)
from stillwatch.intents.reading import LONGEST_PHRASE, MOST_LANGUAGES, _fold, page_for
from stillwatch.sketches.unicode import Kind, unicode_table
from tests.intents.makers import texts_of_any_kind, view
from tests.intents.reference import folded

EVERY = (*languages(), SIGNS)


@cache
def lexicon_of(name: str) -> dict[str, list[str]]:
    return read_lexicon(lexicon_folder() / f"{name}.yaml")


@pytest.fixture(scope="module")
def shipped() -> Entries:
    with pytest.MonkeyPatch.context() as patch:  # each file is parsed once for all tests
        patch.setattr(concepts, "read_lexicon", lambda path: lexicon_of(path.name.removesuffix(".yaml")))
        return read_entries()


def words_of(entries: Entries) -> list[tuple[int, ...]]:
    return [tuple(part.tolist()) for part in np.split(entries.points, entries.ends[:-1])]


def kernel_points(text: str) -> list[int]:
    one, table = view(text), unicode_table()
    page = page_for(int(one.offsets[1]))
    count, _forms = _fold(one.data, one.offsets[0], one.offsets[1], table.entries, table.expansions, page)
    return [int(point) for point in page.points[:count]]


@given(texts_of_any_kind())
def test_words_of_lexicons_are_folded_as_the_kernel_folds_texts(text: str) -> None:
    points = kernel_points(text)
    assert normalised(text) == (points[:-1] if points[-1:] == [SEPARATOR] else points)


@given(texts_of_any_kind())
def test_folding_is_the_slow_definition(text: str) -> None:
    points = [point.value for point in folded(text)]
    assert normalised(text) == (points[:-1] if points[-1:] == [SEPARATOR] else points)


@given(texts_of_any_kind())
def test_what_is_folded_once_stays(text: str) -> None:
    once = "".join(map(chr, normalised(text)))
    assert normalised(once) == normalised(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Über", "uber"),
        ("STRASSE", "straße"),
        ("  step -- by_step! ", "step by step"),
        ("GPT-4", "gpt 9"),
        ("2026", "7"),
        ("مَرْحَبًا", "مرحبا"),
        ("שָׁלוֹם", "שלום"),
        ("so\u00adft", "soft"),
    ],
)
def test_spellings_that_mean_one_word_are_one(one: str, other: str) -> None:
    assert normalised(one) == normalised(other) != []


def test_an_unspaced_script_and_its_voicing_keep_their_signs() -> None:
    assert normalised("か") != normalised("が")
    assert not is_accent(0x3099)


def test_concepts_are_words_then_forms_then_circumstances_and_fit_their_room() -> None:
    names = concept_names()
    assert len(set(names)) == len(names) <= CONCEPTS
    assert names[first_form() :] == (
        *(f"[{form.name.lower()}]" for form in Form),
        *(f"({circumstance.name.lower()})" for circumstance in Circumstance),
    )
    signs = tuple(lexicon_of(SIGNS))
    assert names[first_form() - len(signs) : first_form()] == signs


def test_languages_fit_their_bits_and_english_is_one() -> None:
    assert ENGLISH in languages()
    assert SIGNS not in languages()
    assert list(languages()) == sorted(set(languages()))
    assert len(languages()) <= MOST_LANGUAGES < 63


@pytest.mark.parametrize("name", EVERY)
def test_every_lexicon_has_words_that_a_text_can_hold(name: str) -> None:
    lexicon = lexicon_of(name)
    if name != SIGNS:
        assert set(lexicon) == set(lexicon_of(ENGLISH))
    for concept, words in lexicon.items():
        assert words, f"{concept}: no words"
        for word in words:
            assert isinstance(word, str), f"{concept}: {word!r} is no text; quote it"
            assert 0 < len(normalised(word.rstrip("*"))) <= LONGEST_PHRASE, f"{concept}: {word!r}"


def test_entries_are_sorted_and_each_stands_once(shipped: Entries) -> None:
    keys = list(zip(words_of(shipped), shipped.stem.tolist(), shipped.concept.tolist(), strict=True))
    assert all(one < next_one for one, next_one in pairwise(keys))
    assert not np.any(shipped.languages == 0)


def test_every_word_of_a_lexicon_has_its_entry_and_bit(shipped: Entries) -> None:
    keys = zip(words_of(shipped), shipped.stem.tolist(), shipped.concept.tolist(), strict=True)
    bits = dict(zip(keys, shipped.languages.tolist(), strict=True))
    names = {name: at for at, name in enumerate(concept_names())}
    for language in ("en", "ja", SIGNS):
        for concept, words in lexicon_of(language).items():
            for word in words:
                found = bits[tuple(normalised(word.rstrip("*"))), word.endswith("*"), names[concept]]
                assert (
                    found == ANY_LANGUAGE if language == SIGNS else found >> languages().index(language) & 1
                )


def test_a_word_of_two_lexicons_is_one_entry_of_both_languages(
    monkeypatch: pytest.MonkeyPatch, shipped: Entries
) -> None:
    first, second = concept_names()[:2]
    told = {
        "de": {first: ["Hand", "hand*"]},
        "en": {first: ["hand"], second: ["hand"]},
        SIGNS: {second: ["x"]},
    }
    monkeypatch.setattr(concepts, "languages", lambda: ("de", "en"))
    monkeypatch.setattr(concepts, "read_lexicon", lambda path: told[path.name.removesuffix(".yaml")])
    found = read_entries()
    rows = zip(words_of(found), found.stem, found.concept, found.languages, strict=True)
    hand = tuple(map(ord, "hand"))
    assert list(rows) == [
        (hand, False, 0, 3),
        (hand, False, 1, 2),
        (hand, True, 0, 1),
        ((ord("x"),), False, 1, -1),
    ]
    assert [values.dtype for values in found] == [values.dtype for values in shipped]


def test_a_sign_has_few_meanings(shipped: Entries) -> None:
    """One byte may become two signs, each with its hits: more than six meanings would outgrow a page."""
    table = unicode_table()
    counts = Counter(
        word for word in words_of(shipped) if int(table.entries[word[0]]) >> 21 & 7 == Kind.SINGLE
    )
    assert max(counts.values()) <= 6


@given(texts_of_any_kind(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 0x670).filter(is_accent))))
def test_an_accent_more_or_less_changes_no_word(text: str, accents: list[tuple[int, int]]) -> None:
    marked = text
    for place, accent in accents:
        marked = marked[:place] + chr(accent) + marked[place:]
    assert normalised(marked) == normalised(text)
