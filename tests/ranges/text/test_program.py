"""A compiled grammar keeps names, order, weights and shares."""

from __future__ import annotations

import numpy as np

from stillwatch.ranges.text.program import compile_grammar, salt, upper_table
from tests.ranges.text.makers import ENGLISH, grammar, one_rule


def test_english_comes_first_and_weights_sum_to_one() -> None:
    compiled = compile_grammar(grammar())
    assert compiled.languages == ("en", "de", "zh")
    np.testing.assert_allclose(compiled.weights, [0.75, 0.25, 0.0])


def test_an_alternative_has_as_many_picks_as_it_weighs() -> None:
    compiled = compile_grammar(grammar(ENGLISH))
    _, number = compiled.program.rules[compiled.symbols["en", "verb"]]
    assert number == 2 + 3 + 1


def test_equal_texts_are_held_once() -> None:
    compiled = compile_grammar(grammar(one_rule("same words", "same words", "same words")))
    assert bytes(compiled.program.pool).count(b"same words") == 1


def test_a_rule_s_salt_is_its_name_s_alone() -> None:
    before = compile_grammar(grammar(one_rule("x")))
    after = compile_grammar(grammar(one_rule("x", a=["new"])))
    assert (
        before.program.salts[before.symbols["en", "text"]] == after.program.salts[after.symbols["en", "text"]]
    )
    assert salt("en", "small_said") == salt("en", "small_reply") != salt("de", "small_said")


def test_upper_case_never_changes_the_length() -> None:
    table = upper_table()
    assert [chr(table[ord(c)]) for c in "aäñжλé1ß"] == list("AÄÑЖΛÉ1ß")
    assert all(len(chr(u).encode()) == len(chr(p).encode()) for p, u in enumerate(table))
