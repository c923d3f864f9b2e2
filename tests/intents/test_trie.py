"""The trie is the list of its words: nothing is found that is not there, nothing there is missed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents import trie as module
from stillwatch.intents.trie import HEAD, NOWHERE, TABLED, Trie, build_trie, child, grown, may_begin
from tests.intents.makers import LEXICON, Word, entries

U = np.uint64
# Few letters, so that words share beginnings beyond those in the table; one letter outside the basic plane.
LETTERS = "abcと🙂"
WORDS = st.lists(
    st.builds(
        lambda text, stem, concept, languages: Word(text + "*" * stem, concept, languages),
        st.text(LETTERS, min_size=1, max_size=9),
        st.booleans(),
        st.integers(0, 3),
        st.integers(1, 7),
    ),
    max_size=40,
)


def walk(trie: Trie, points: tuple[int, ...]) -> int:
    node = 0
    for depth, point in enumerate(points):
        node = int(child(trie, np.int64(node), np.uint32(point), depth))
        if node == NOWHERE:
            break
    return node


def meanings(trie: Trie, node: int) -> list[tuple[bool, int, int]]:
    """Return (stem, concept, languages) of a node, in its order."""
    first, last = int(trie.first[node]), int(trie.first[node + 1])
    stems = first + int(trie.stems[node])
    return [(at < stems, int(trie.concept[at]), int(trie.languages[at])) for at in range(first, last)]


def expected(words: list[Word], points: tuple[int, ...]) -> list[tuple[bool, int, int]]:
    """Return the same from the list: stems first, then by concept."""
    merged: dict[tuple[bool, int], int] = {}
    for word in words:
        if word.points == points:
            merged[not word.stem, word.concept] = (
                merged.get((not word.stem, word.concept), 0) | word.languages
            )
    return [(not whole, concept, merged[whole, concept]) for whole, concept in sorted(merged)]


@given(WORDS, st.lists(st.text(LETTERS + "d", max_size=11), max_size=20))
def test_a_walk_ends_where_no_word_goes_on_and_knows_what_it_has_read(
    words: list[Word], texts: list[str]
) -> None:
    trie = build_trie(entries(words))
    begins = {word.points[:size] for word in words for size in range(len(word.points) + 1)}
    tried = [tuple(map(ord, text)) for text in texts] + sorted(begins)
    for points in tried:
        node = walk(trie, points)
        assert (node != NOWHERE) == (points in begins or points == ())
        if node != NOWHERE:
            assert meanings(trie, node) == expected(words, points)


@given(WORDS)
def test_every_node_is_the_beginning_of_a_word_and_stands_once(words: list[Word]) -> None:
    trie = build_trie(entries(words))
    begins = {word.points[:size] for word in words for size in range(len(word.points) + 1)} | {()}
    nodes = [walk(trie, points) for points in begins]
    assert sorted(nodes) == list(range(len(trie.nodes)))
    assert len(trie.concept) == sum(
        len(expected(words, points)) for points in {word.points for word in words}
    )


def head_of(trie: Trie, points: tuple[int, ...]) -> np.uint64:
    head = U(len(trie.begins))
    for point in points[:HEAD]:
        head = U(grown(head, np.uint32(point)))
    return head


@given(WORDS)
def test_the_filter_never_turns_away_a_word(words: list[Word]) -> None:
    trie = build_trie(entries(words))
    assert all(may_begin(trie.begins, head_of(trie, word.points)) for word in words)


def test_the_filter_turns_away_most_of_what_is_in_no_lexicon() -> None:
    trie = build_trie(entries(LEXICON))
    heads = [head_of(trie, tuple(map(ord, f"q{number:x}"))) for number in range(2000)]
    assert sum(bool(may_begin(trie.begins, head)) for head in heads) < 20


def test_first_letters_lie_in_a_table_half_of_which_is_free() -> None:
    words = [
        Word(chr(first) + chr(second) + "xyz", 0) for first in range(97, 110) for second in range(97, 123)
    ]
    trie = build_trie(entries(words))
    steps = {word.points[:size] for word in words for size in range(1, TABLED + 1)}
    assert np.count_nonzero(trie.slots) == len(steps) <= len(trie.slots) // 2
    assert len(set(trie.slots.tolist()) - {0}) == len(steps)


def test_no_words_make_a_trie_that_finds_nothing() -> None:
    trie = build_trie(entries([]))
    assert walk(trie, (97,)) == NOWHERE
    assert meanings(trie, 0) == []


def test_more_nodes_than_have_numbers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [Word("abc", 0), Word("abd", 0)]  # five nodes with the root
    monkeypatch.setattr(module, "MOST_NODES", 6)
    build_trie(entries(words))
    monkeypatch.setattr(module, "MOST_NODES", 5)
    with pytest.raises(ValueError, match="lexicons with 5 nodes; at most 5"):
        build_trie(entries(words))
