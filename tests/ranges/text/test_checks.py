"""What cannot be compiled is told before anything is written."""

from __future__ import annotations

import pytest

from stillwatch.ranges.text.checks import DEEPEST, check
from stillwatch.ranges.text.grammar import GrammarError
from tests.ranges.text.makers import grammar, one_rule


def test_the_depth_is_that_of_the_longest_chain() -> None:
    assert check(grammar(one_rule("{a}", "{n}", a=["{b*2-3}"], b=["x"]))) == 3


@pytest.mark.parametrize("slot", ["{a}", "{^a}", "{c:0:a}", "{t:0:a}", "{a%2}", "{a*1-2}", "{a*said}"])
def test_an_unknown_rule_is_told_in_every_slot(slot: str) -> None:
    with pytest.raises(GrammarError, match=r"file0\.yaml: rule 'text', alternative 2: no rule 'a'.*define"):
        check(grammar(one_rule("fine", slot)))


def test_a_rule_that_comes_back_to_itself_is_told() -> None:
    with pytest.raises(GrammarError, match="a > b > a"):
        check(grammar(one_rule("{a}", a=["x", "{b}"], b=["{a}"])))


def test_a_chain_too_deep_is_told() -> None:
    chain = {f"r{i}": [f"{{r{i + 1}}}"] for i in range(DEEPEST + 2)}
    with pytest.raises(GrammarError, match="deep"):
        check(grammar(one_rule("{r0}", **chain, **{f"r{DEEPEST + 2}": ["x"]})))


def test_built_in_slots_may_stand_where_a_rule_does() -> None:
    assert check(grammar(one_rule("{n*2-3|, }", "{c:1:num}"))) == 2


def test_a_noun_needs_domains() -> None:
    with pytest.raises(GrammarError, match="`domains`"):
        check(grammar("language: en\nrules: {a: ['{n}']}"))


def test_each_message_of_small_talk_needs_its_reply() -> None:
    with pytest.raises(GrammarError, match="small_reply"):
        check(grammar(one_rule("x", small_said=["a", "b"], small_reply=["c"])))
