"""The kernel equals the definition byte for byte, over grammars, topics, seeds, samples and arguments."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.ranges.text import Refs, Texts
from stillwatch.ranges.text.grammar import Grammar
from tests.ranges.text.makers import CHINESE, ENGLISH, GERMAN, grammar
from tests.ranges.text.naive import Naive, Ref

WORDS = st.integers(0, 2**64 - 1)
SAMPLES = st.integers(0, 2**16 - 1)
RULES = 5
PLAIN = [
    "{n}",
    "{^n}",
    "{f}",
    "{f2}",
    "{num}",
    "{d:0-7}",
    "{v:3:1-99}",
    "{calc}",
    "{hex:17}",
    "{arg0}",
    "{^arg1}",
]
OVER = [
    "{%s}",
    "{^%s}",
    "{c:1:%s}",
    "{^t:2:%s}",
    "{%s%%3}",
    "{%s*0-2}",
    "{%s*said}",
    "{^%s*asked|, }",
    "{%s*2|}",
]
LITERALS = st.text(st.sampled_from("aäжλ文é ß.-{}\nÿx"), max_size=45).map(
    lambda text: text.replace("{", "{{").replace("}", "}}")
)
MIXED = grammar(ENGLISH, GERMAN, CHINESE)
MIXED_TEXTS = Texts(MIXED)


@st.composite
def grammars(draw: st.DrawFn) -> Grammar:
    """Rules r0..r4 of which each uses only later ones."""
    rules = {}
    for number in range(RULES):
        later = [form % f"r{k}" for form in OVER for k in range(number + 1, RULES)]
        slots = st.sampled_from(PLAIN + later)
        alternative = st.lists(LITERALS | slots, max_size=4).map("".join)
        weighted = st.tuples(st.integers(1, 3), alternative).map(list)
        rules[f"r{number}"] = draw(st.lists(weighted, min_size=1, max_size=3))
    domains = {"a": ["boiler", "élan"], "b": ["яблоко", "tax return", "文"]}
    return grammar(
        json.dumps({"language": "en", "domains": domains, "rules": rules, "spaced": draw(st.booleans())})
    )


def one(texts: Texts, ref: Ref, profile: int, arguments: tuple[Ref | None, ...]) -> str:
    def columns(r: Ref | None) -> Refs:
        if r is None:
            return Refs.none(1)
        numbers = np.array([r.topic, r.seed], np.uint64)
        symbol = texts.symbol(r.rule, r.language)
        return Refs(np.array([symbol]), numbers[:1], numbers[1:], np.array([r.sample], np.uint16))

    rendered = texts.render(
        columns(ref), np.array([profile], np.uint8), columns(arguments[0]), columns(arguments[1])
    )
    return str(rendered[0].as_py())


@settings(deadline=None, max_examples=150)
@given(grammars(), WORDS, WORDS, SAMPLES, st.integers(0, 5).map(lambda i: i * 17))
def test_texts_of_any_grammar_equal_the_definition(
    made: Grammar, topic: int, seed: int, sample: int, profile: int
) -> None:
    texts, naive = Texts(made), Naive(made)
    arguments = (Ref("r3", "en", seed, topic, 1), Ref("r4", "en", topic, 0, sample))
    for rule in range(RULES):
        ref = Ref(f"r{rule}", "en", topic, seed, sample)
        assert one(texts, ref, profile, arguments) == naive.text(ref, profile, arguments)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(MIXED.rules)),
    WORDS,
    WORDS,
    SAMPLES,
    st.integers(0, 90),
    st.booleans(),
    st.booleans(),
)
def test_texts_of_a_usual_grammar_equal_the_definition(
    key: tuple[str, str], topic: int, seed: int, sample: int, profile: int, first: bool, second: bool
) -> None:
    ref = Ref(key[1], key[0], topic, seed, sample)
    arguments = (
        Ref("answer", "de", seed, topic) if first else None,
        Ref("wrapped", "en", topic, seed, 3) if second else None,
    )
    assert one(MIXED_TEXTS, ref, profile, arguments) == Naive(MIXED).text(ref, profile, arguments)


@pytest.mark.parametrize("rule", ["document", "wrapped"])
def test_what_a_topic_fixes_is_the_same_in_every_turn(rule: str) -> None:
    texts = Texts(grammar(ENGLISH.replace("{passage%3} | ", "").replace(" {hex:20}", "")))
    n = 40
    seeds = np.arange(n, dtype=np.uint64)
    refs = Refs(np.full(n, texts.symbol(rule)), np.full(n, 9, np.uint64), seeds, np.zeros(n, np.uint16))
    rendered = texts.render(refs, profile=(seeds % 80).astype(np.uint8)).to_pylist()
    if rule == "document":
        assert len(set(rendered)) == 1
    else:  # the template is the topic's, its slots are the turn's
        assert len({text.split()[0] for text in rendered}) == 1
        assert len(set(rendered)) > 10


def test_topics_differ_in_what_they_fix() -> None:
    n = 200
    topics = np.arange(n, dtype=np.uint64)
    refs = Refs(
        np.full(n, MIXED_TEXTS.symbol("wrapped")), topics, np.zeros(n, np.uint64), np.zeros(n, np.uint16)
    )
    openings = {text.split()[0] for text in MIXED_TEXTS.render(refs).to_pylist()}
    assert openings == {"Grade", "Judge", "Rate"}
