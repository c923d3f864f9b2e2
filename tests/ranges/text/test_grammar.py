"""Grammar files are read as they are told; what is wrong is told with file, rule and alternative."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.text.grammar import Grammar, GrammarError, add_file, read_lexicon
from tests.ranges.text.makers import ENGLISH, grammar

START = "language: en\ndomains: {a: [x, y]}\n"


def test_rules_small_talk_and_refusals_become_rules() -> None:
    built = grammar(ENGLISH)
    assert [a.pieces[0].text for a in built.rules["en", "small_reply"].alternatives] == [
        "Hello to you", "Any time", "See you",
    ]  # fmt: skip
    assert len(built.rules["en", "refusal"].alternatives) == 2
    assert built.rules["en", "verb"].alternatives[2].weight == 3


def test_a_missing_rule_is_taken_from_english() -> None:
    built = grammar()
    assert built.find("de", "answer") == ("de", "answer")
    assert built.find("de", "clause") == ("en", "clause")
    assert built.find("de", "nowhere") is None


def test_further_files_add_rules_to_a_language() -> None:
    built = grammar(ENGLISH, "language: en\nrules: {extra: [one, two]}")
    assert built.rules["en", "extra"].source == "file1.yaml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "not YAML"),
        ("[1, 2]", "expected a mapping"),
        (START + "surprise: 1", "expected a mapping"),
        ("language: en\ndomains: {a: [x]}", "two nouns"),
        ("language: en\ndomains: {a: [1, 2]}", "in quotes"),
        (START + "weight: -1", "weight"),
        (START + "rules: [a]", "mapping of names"),
        (START + "rules: {a: []}", "rule 'a'.*list of alternatives"),
        (START + "rules: {a: [fine, 7]}", "rule 'a', alternative 2.*quotes"),
        (START + "rules: {a: [[0, b]]}", "rule 'a', alternative 1.*weight"),
        (START + "rules: {a: [b, '{oops']}", "bad.yaml: rule 'a', alternative 2.*literal brace"),
        (START + "rules: {n: [b]}", "a slot's name"),
        (START + "small_talk: [[a]]", "pairs"),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    with pytest.raises(GrammarError, match=told):
        add_file(Grammar(), "bad.yaml", text)


def test_a_rule_defined_twice_names_both_files() -> None:
    with pytest.raises(GrammarError, match=r"file1\.yaml: rule 'verb'.*file0\.yaml"):
        grammar(ENGLISH, "language: en\nrules: {verb: [go]}")
    with pytest.raises(GrammarError, match="second file with `domains`"):
        grammar(ENGLISH, START)


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    with pytest.raises(GrammarError, match="no language"):
        read_lexicon(tmp_path)
    (tmp_path / "en.yaml").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a grammar", encoding="utf-8")
    assert ("en", "request") in read_lexicon(tmp_path).rules
