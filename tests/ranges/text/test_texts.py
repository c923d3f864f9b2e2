"""The engine's face: languages, symbols, scripts, and errors that name what exists."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.text import Refs, Script, Texts
from tests.ranges.text.makers import refs, texts

TEXTS = texts()


def test_symbols_fall_back_to_english() -> None:
    symbols = TEXTS.symbols("answer")
    assert symbols.dtype == np.int32
    assert len(set(symbols.tolist())) == len(TEXTS.languages) == 3
    assert TEXTS.symbol("call", "zh") == TEXTS.symbol("call")


def test_an_unknown_rule_or_language_names_what_exists() -> None:
    with pytest.raises(ValueError, match=r"no 'nowhere' in 'de'; there are adj, answer"):
        TEXTS.symbol("nowhere", "de")
    with pytest.raises(ValueError, match=r"expected one of en, de, zh, found 'xx'"):
        TEXTS.symbol("answer", "xx")
    with pytest.raises(ValueError, match="nowhere"):
        TEXTS.script(Script("nowhere", "follow_up", "answer"))


def test_a_script_keeps_its_number() -> None:
    chat = Script("request", "follow_up", "answer")
    first = TEXTS.script(chat)
    assert TEXTS.script(chat, "de") != first == TEXTS.script(Script("request", "follow_up", "answer"))


def test_references_that_cannot_be_are_told() -> None:
    with pytest.raises(ValueError, match=r"Refs\.symbol"):
        TEXTS.render(refs(10_000))
    with pytest.raises(ValueError, match="arg0: 2 rows for 1"):
        TEXTS.render(refs(0), arg0=Refs.none(2))


def test_the_package_s_own_grammar_compiles_once_and_writes() -> None:
    own = Texts.load()
    assert own is Texts.load()
    assert own.languages[0] == "en"
    assert own.weights.sum() == pytest.approx(1)
    for rule in ("request", "follow_up", "answer", "passage"):
        for symbol in own.symbols(rule):
            assert all(own.render(refs(int(symbol), 20)).to_pylist())
