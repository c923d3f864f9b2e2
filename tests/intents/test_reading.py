"""Reading finds the longest word of the lexicons at the start of each word, in the text's language."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.concepts import first_form
from stillwatch.intents.reading import LONGEST_PHRASE, MOST_LANGUAGES, POINTS_PER_BYTE, _lowest, page_for
from stillwatch.sketches.unicode import KIND_MASK, VALUE_BITS, VALUE_MASK, Kind, unicode_table
from tests.intents.makers import (
    DE,
    EN,
    FR,
    LEXICON,
    SIGN,
    SPOKEN,
    Word,
    read_text,
    small_reader,
    texts_of_any_kind,
)
from tests.intents.reference import folded, word_hits, words_of

SIGNS = range(SIGN, first_form())
ENGLISH = SPOKEN.index("en")


@given(texts_of_any_kind())
def test_words_found_are_those_that_trying_every_word_finds(text: str) -> None:
    found = read_text(text)
    words = [(unit, concept, start) for unit, concept, start, _end, is_word in found.hits if is_word]
    assert (words, found.language) == word_hits(text, LEXICON, SIGNS, ENGLISH)


LETTERS = "ab思考0_ "
WORDS = st.lists(
    st.builds(
        lambda text, stem, concept, languages: Word(text + "*" * stem, concept, languages),
        st.text(LETTERS, min_size=1, max_size=6).filter(lambda text: Word(text, 0).points != ()),
        st.booleans(),
        st.sampled_from([0, 1, 2, SIGN]),
        st.sampled_from([DE, EN, FR, DE | FR, -1]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda word: (word.points, word.stem, word.concept),
).map(tuple)


@given(WORDS, st.text(LETTERS + "<.\u0301", max_size=30))
def test_the_same_holds_with_any_lexicon(words: tuple[Word, ...], text: str) -> None:
    found = read_text(text, small_reader(words))
    told = [(unit, concept, start) for unit, concept, start, _end, is_word in found.hits if is_word]
    assert (told, found.language) == word_hits(text, words, SIGNS, ENGLISH)


@given(texts_of_any_kind())
def test_words_are_runs_of_one_kind_and_signs_of_their_own(text: str) -> None:
    assert read_text(text).words == words_of(text)


@given(texts_of_any_kind())
def test_hits_come_in_order_of_place(text: str) -> None:
    hits = read_text(text).hits
    units, starts = [hit[0] for hit in hits], [hit[2] for hit in hits]
    assert units == sorted(units)
    assert starts == sorted(starts)
    assert all(0 <= start <= end <= len(text.encode()) for _u, _c, start, end, _w in hits)
    assert max(units, default=0) <= max((point.unit for point in folded(text)), default=0)


@given(st.binary(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_text_that_breaks_off_within_a_character_is_read_without_its_neighbours(
    raw: bytes, a: int, b: int
) -> None:
    assert read_text(raw[a:b], before=raw[:a], after=raw[b:]) == read_text(raw[a:b])


def test_the_longest_word_wins_and_brings_all_its_meanings() -> None:
    assert read_text("think").concepts == [1, 0]  # the stem's, then the whole word's
    assert read_text("thinks").concepts == [1]
    assert read_text("thinking").concepts == [2]
    assert read_text("thinkings").concepts == [1]
    assert read_text("think next thing").concepts == [3]
    assert read_text("think next steps").concepts == [4]
    assert read_text("think, next").concepts == [3]
    assert read_text("rethink").concepts == []


def test_unspaced_words_are_found_within_a_sentence_at_every_sign() -> None:
    assert read_text("请思考过程").concepts == [
        11,
    ]
    assert read_text("思考").concepts == [10]
    assert read_text("思 思想x思").concepts == [9, 9, 9]
    assert read_text("ab🙂cd").concepts == [14]


def test_a_phrase_longer_than_the_limit_is_not_found() -> None:
    fits, long = "a" * LONGEST_PHRASE, "b" * (LONGEST_PHRASE + 1)
    reader = small_reader((Word(fits, 0), Word(long, 1)))
    assert read_text(f"{fits} {long}", reader).concepts == [0]


@pytest.mark.parametrize("sign", ["<", "[", "{", '"', "/", "%", "|", "_", "'"])
def test_a_name_counts_only_where_a_sign_opens_it(sign: str) -> None:
    reader = small_reader((Word("plan", SIGN), Word("plan", 3)))
    assert read_text("plan", reader).concepts == [3]
    assert read_text(f"the plan {sign} plan", reader).concepts == [3, 3]
    assert read_text(f"the {sign}plan", reader).concepts == [3, SIGN]


def test_a_sign_at_the_end_of_a_neighbour_opens_no_name() -> None:
    reader = small_reader((Word("plan", SIGN),))
    assert read_text("plan", reader, before=b"<").concepts == []
    assert read_text("<plan", reader, before=b"x").concepts == [SIGN]


def test_a_word_that_a_neighbour_goes_on_with_ends_with_its_text() -> None:
    assert read_text("gift", after=b"s") == read_text("gift")
    assert read_text("think", after=b" next") == read_text("think")


def test_a_word_counts_in_the_languages_of_its_text_and_in_english() -> None:
    assert read_text("über gift").concepts == [7, 5, 6]  # German, where English words count too
    assert read_text("gift thinking").concepts == [5, 2]
    assert read_text("gift pensée pensées pensée").concepts == [5, 8, 8, 8]
    assert read_text("über thinking thinking").concepts == [2, 2]


def test_the_first_of_languages_with_as_many_words_is_the_texts() -> None:
    assert read_text("über pensée").language == SPOKEN.index("de")
    assert read_text("pensée pensée über").language == SPOKEN.index("fr")
    assert read_text("no word").language == 0


@pytest.mark.parametrize("bit", [*range(MOST_LANGUAGES), 62])
def test_the_lowest_bit_of_a_set_is_its_first_language(bit: int) -> None:
    assert _lowest(np.int64(1 << bit)) == bit
    assert _lowest(np.int64((1 << 62) | 1 << bit)) == bit


def test_places_are_counted_in_half_words() -> None:
    read = read_text("one two 思考 3.14 🙂")
    assert [unit for _hash, unit in read.words] == [2, 4, 5, 6, 7, 8, 9]


def test_a_page_has_room_for_what_any_character_becomes() -> None:
    table = unicode_table()
    for point in range(0x110000):
        entry = int(table.entries[point])
        if (entry >> VALUE_BITS) & KIND_MASK == Kind.MANY and not 0xD800 <= point < 0xE000:
            assert table.expansions[entry & VALUE_MASK] <= POINTS_PER_BYTE * len(chr(point).encode())
    assert len(page_for(100).points) > 100 * POINTS_PER_BYTE


def test_a_character_that_is_eighteen_letters_is_read_however_often_it_comes() -> None:
    """U+FDFA outgrew a page that was made for tokens, not for letters: it wrote over other memory."""
    words = read_text("\ufdfa" * 5000).words
    assert words == words_of("\ufdfa" * 5000)
