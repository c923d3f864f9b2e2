"""A skeleton keeps what the texts share, opens slots where they differ, and hangs on nothing else."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.workloads.skeleton import (
    CUT,
    LONGEST_CONSTANT,
    LONGEST_SKELETON,
    LONGEST_TEXT,
    SAMPLES,
    SLOT,
    skeleton,
    workload_skeleton,
)

CONSTANTS = [f"{a}{b}" for a in ("rate", "give", "list", "name", "solve") for b in ("able", "ing", "ly", "s")]
FILLINGS = [
    f"{a}{b}" for a in ("otter", "maple", "quartz", "ember", "7") for b in ("x", "0", "ish", "ё", "-")
]

constants = st.lists(st.sampled_from(CONSTANTS), unique=True, min_size=4, max_size=20)
filling = st.lists(st.sampled_from(FILLINGS), min_size=1, max_size=12)


@st.composite
def templates(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw constants of two words or more, and texts with slots between them that no two fill alike."""
    words = draw(constants)
    cut = draw(st.sets(st.integers(1, len(words) // 2 - 1), max_size=3))
    edges = [0, *sorted(2 * c for c in cut), len(words)]
    parts = [" ".join(words[a:b]) for a, b in pairwise(edges)]
    count = draw(st.integers(6, SAMPLES))
    texts = []
    for i in range(count):
        slots = [" ".join(f"{i}{word}{i}" for word in draw(filling)) for _ in parts]
        texts.append(" ".join(f"{part} {slot}" for part, slot in zip(parts, slots, strict=True)))
    return parts, texts


@settings(max_examples=50, deadline=None)
@given(templates())
def test_a_template_with_random_slots_gives_back_its_constants(drawn: tuple[list[str], list[str]]) -> None:
    parts, texts = drawn
    assert skeleton(texts) == "".join(f"{part} {SLOT} " for part in parts).rstrip()


@given(st.text(max_size=LONGEST_CONSTANT), st.integers(1, SAMPLES))
def test_identical_texts_give_the_text(text: str, times: int) -> None:
    text = text.replace("⟨", "<").replace("⟩", ">")
    assert skeleton([text] * times) == text.strip()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, SAMPLES))
def test_unrelated_texts_give_a_single_slot(seed: int, count: int) -> None:
    dice = random.Random(seed)
    words = [f"w{i}" for i in range(2_000)]
    texts = [f"{i}: {' '.join(dice.choices(words, k=30))}." for i in range(count)]
    assert skeleton(texts) == SLOT


def test_common_words_of_a_language_are_no_constants() -> None:
    dice = random.Random(5)
    common, rare = ["the", "a", "of", "and", "to", "in", "is", "for"], [f"w{i}" for i in range(500)]
    texts = [" ".join(dice.choice(dice.choice((common, rare))) for _ in range(60)) for _ in range(SAMPLES)]
    assert skeleton(texts) == SLOT


@given(st.lists(st.text(alphabet="ab c.\n漢字", max_size=30), max_size=8), st.randoms())
def test_the_order_of_the_texts_changes_nothing(texts: list[str], dice: random.Random) -> None:
    shuffled = list(texts)
    dice.shuffle(shuffled)
    assert skeleton(shuffled) == skeleton(texts)


def test_text_without_spaces_is_read_by_characters() -> None:
    slots = (
        "天地玄黄",
        "宇宙洪荒日",
        "月盈昃",
        "辰宿列张",
        "寒来暑往秋",
        "收冬藏",
        "闰余成岁",
        "律吕调阳",
        "云腾致雨",
    )
    assert (
        skeleton(f"请把下面翻译成英文：{s}。只输出译文。" for s in slots)
        == f"请把下面翻译成英文：{SLOT}。只输出译文。"
    )


def test_code_keeps_its_lines_and_indents() -> None:
    texts = [
        f"def solve(x):\n    return x + {i * i}\n\nExplain what this function does." for i in range(3, 13)
    ]
    assert skeleton(texts) == (f"def solve(x):\n    return x + {SLOT}\n\nExplain what this function does.")


def test_one_odd_text_in_ten_changes_nothing() -> None:
    texts = [f"Translate this sentence into French: {word} {i}k" for i, word in enumerate(CONSTANTS)]
    assert len(texts) == SAMPLES
    odd = [*texts[:-2], "hello", "what time is it"]
    assert skeleton(odd) == skeleton(texts) == f"Translate this sentence into French: {SLOT}"


def test_a_short_text_that_nearly_all_repeat_is_itself() -> None:
    assert skeleton([*["Be brief."] * 18, "", "hello"]) == "Be brief."


def test_long_constants_are_abridged_in_the_middle() -> None:
    rules = " ".join(f"rule{i}" for i in range(500))
    shown = skeleton(f"{rules} {word} the end of it" for word in CONSTANTS)
    assert shown.startswith("rule0 rule1 ")
    assert shown.endswith(f"rule499 {SLOT} the end of it")
    assert CUT in shown
    assert len(shown) <= LONGEST_CONSTANT + 30


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(alphabet="ab \n", min_size=1, max_size=20), min_size=1, max_size=3))
def test_whatever_the_length_the_skeleton_is_bounded(texts: list[str]) -> None:
    assert len(skeleton(text * LONGEST_TEXT for text in texts)) <= LONGEST_SKELETON


def test_brackets_of_the_texts_are_never_slots() -> None:
    assert skeleton(["keep ⟨this⟩ as it is"] * 2) == "keep <this> as it is"


def test_no_texts_have_no_skeleton() -> None:
    assert skeleton([]) == ""


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([], None),
        ([("one", "text")], None),
        ([(None, None), (None, "")], None),
        ([(None, "same"), (None, "same")], "user: same"),
        ([("You grade.", f"{i}i") for i in range(9)], f"system: You grade.\n\nuser: {SLOT}"),
        ([("You grade.", None)] * 2, "system: You grade."),
    ],
)
def test_a_workload_shows_the_parts_it_has(samples: list[tuple[str, str]], expected: str | None) -> None:
    assert workload_skeleton(samples) == expected
