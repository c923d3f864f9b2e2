"""The grammars themselves: every language says everything, in many words, and answers speak of what was asked."""

from __future__ import annotations

import re
from collections import Counter
from math import prod

import numpy as np
import pytest

from stillwatch.ranges.text.columns import Refs
from stillwatch.ranges.text.grammar import Grammar, read_lexicon
from stillwatch.ranges.text.texts import Texts

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "zh")
PROSE = (
    "request", "follow_up", "answer", "statement", "passage", "document", "lesson_request", "lesson_follow_up",
    "lesson_answer", "assistant_system", "question", "title", "reasoning", "small_said", "small_reply", "refusal",
)  # fmt: skip
EVERYWHERE = (*PROSE, "product_system", "rag_prompt", "rag_answer", "minutes_answer", "summarise_answer")
PAIRS = (
    "minutes", "rag", "translate", "classify", "extract", "summarise", "moderation", "judge", "ticket",
    "product_copy", "synth", "refusal_study", "homework", "cot", "grade", "prefer", "rewrite", "instruct", "swe",
    "tooluse", "analysis", "clean", "probe", "screen", "image",
)  # fmt: skip
ENGLISH = (
    *(f"{name}_{side}" for name in PAIRS for side in ("prompt", "answer")),
    "task", "change", "function", "tool_result", "call_arguments", "agent_system", "review_request",
    "review_answer", "sql_request", "sql_answer", "shell", "exam_question", "exam_prompt", "exam_worked",
    "exam_short", "minutes_system", "cot_system", "injected_system", "cot_paraphrase",
)  # fmt: skip
# Instructions that a firm or a campaign keeps: without their arguments nothing but numbers may differ.
BOUND = (
    "minutes_system", "rag_system", "translate_prompt", "classify_prompt", "extract_prompt", "summarise_prompt",
    "moderation_prompt", "judge_prompt", "ticket_prompt", "refusal_study_prompt", "cot_prompt", "cot_system",
    "prefer_prompt", "rewrite_prompt", "product_system",
)  # fmt: skip

# Rules of which {t:K:...} picks the same alternative for one topic.
ALIGNED = (
    ("labels", "label"), ("mod_labels", "mod_label"), ("cot_form", "cot_system_form"), ("cot_form", "cot_reply"),
    ("grade_form", "grade_reply"), ("prefer_form", "prefer_reply"), ("exam_item", "exam_key"),
)  # fmt: skip


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return read_lexicon()


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


def written(texts: Texts, rule: str, language: str, topics: int, turns: int = 1) -> list[str]:
    """Render a rule for so many topics, each in so many turns, topic by topic."""
    topic = np.repeat(np.arange(topics, dtype=np.uint64) * np.uint64(2**31 + 11), turns)
    seed = topic * np.uint64(31) + np.tile(np.arange(turns, dtype=np.uint64), topics) + np.uint64(7)
    symbol = np.full(len(topic), texts.symbol(rule, language), np.int32)
    return list(texts.render(Refs(symbol, topic, seed, np.zeros(len(topic), np.uint16))).to_pylist())


def variants(grammar: Grammar, *rules: str) -> int:
    """Count the combinations of English word lists."""
    return prod(len(grammar.rules["en", rule].alternatives) for rule in rules)


def test_the_languages_share_out_the_traffic(grammar: Grammar) -> None:
    weights = {code: language.weight for code, language in grammar.languages.items()}
    assert sorted(weights) == sorted(LANGUAGES)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["en"] == max(weights.values())


def test_domains_are_rich(grammar: Grammar) -> None:
    for code, language in grammar.languages.items():
        assert len(language.domains) >= (5 if code == "en" else 3), code
        for nouns in language.domains:
            assert len(set(nouns)) == len(nouns) >= 20, (code, nouns[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_itself(grammar: Grammar, language: str) -> None:
    assert not [rule for rule in EVERYWHERE if (language, rule) not in grammar.rules]
    least = 30 if language == "en" else 18
    assert len(grammar.rules[language, "statement"].alternatives) >= least


def test_english_has_the_templates_of_every_trade(grammar: Grammar) -> None:
    assert not [rule for rule in ENGLISH if ("en", rule) not in grammar.rules]


@pytest.mark.parametrize("language", ["de", "es", "ja", "pt", "ru", "zh"])
def test_harvests_of_reasoning_speak_the_larger_languages(grammar: Grammar, language: str) -> None:
    rules = ("cot_prompt", "cot_system", "cot_answer", "cot_paraphrase")
    assert not [rule for rule in rules if (language, rule) not in grammar.rules]


@pytest.mark.parametrize("language", LANGUAGES)
def test_prose_leaves_no_slot_behind(texts: Texts, language: str) -> None:
    for rule in PROSE:
        for text in written(texts, rule, language, 40):
            assert text.strip(), rule
            assert not set("{}") & set(text), (rule, text)


@pytest.mark.parametrize("rule", ENGLISH)
def test_templates_write_something(texts: Texts, rule: str) -> None:
    found = written(texts, rule, "en", 40)
    assert all(text.strip() for text in found)
    assert rule == "injected_system" or len(set(found)) > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_names_what_its_prompt_named(texts: Texts, grammar: Grammar, language: str) -> None:
    nouns = [noun.casefold() for domain in grammar.languages[language].domains for noun in domain]
    asked, said = (
        [text.casefold() for text in written(texts, rule, language, 300)] for rule in ("request", "answer")
    )
    shared = [any(n in a and n in b for n in nouns) for a, b in zip(asked, said, strict=True)]
    assert np.mean(shared) > 0.9


@pytest.mark.parametrize("rule", BOUND)
def test_a_firm_keeps_its_wording_and_firms_differ(texts: Texts, rule: str) -> None:
    plain = [re.sub(r"\d+", "0", text) for text in written(texts, rule, "en", 60, turns=3)]
    firms = [set(plain[at : at + 3]) for at in range(0, len(plain), 3)]
    assert all(len(firm) == 1 for firm in firms)
    assert len(set.union(*firms)) > 30


@pytest.mark.parametrize(("one", "other"), ALIGNED)
def test_layouts_of_prompt_and_answer_run_in_step(grammar: Grammar, one: str, other: str) -> None:
    for code, rule in list(grammar.rules):
        if rule == one:
            left, right = grammar.rules[code, one], grammar.rules[code, other]
            assert [a.weight for a in left.alternatives] == [a.weight for a in right.alternatives], code


def test_every_template_has_six_layouts(grammar: Grammar) -> None:
    few = {key: len(r.alternatives) for key, r in grammar.rules.items() if key[1].endswith("_form")}
    assert not {key for key, count in few.items() if count < 6}


def test_an_exam_item_is_one_text_and_its_solutions_agree(texts: Texts) -> None:
    questions = written(texts, "exam_question", "en", 200, turns=2)
    assert questions[::2] == questions[1::2]
    assert len(set(questions)) > 190
    ends = [re.findall(r"-?\d+", text)[-1] for text in written(texts, "exam_worked", "en", 200, turns=2)]
    short = [re.findall(r"-?\d+", text)[0] for text in written(texts, "exam_short", "en", 200, turns=2)]
    assert ends == short


def test_solutions_to_one_item_are_worded_anew(texts: Texts) -> None:
    worked = written(texts, "exam_worked", "en", 1, turns=50)
    assert len(set(worked)) > 45


def test_probes_and_paraphrases_are_many(grammar: Grammar) -> None:
    assert variants(grammar, "probe_how", "probe_what", "probe_where", "probe_why") >= 12_000
    assert variants(grammar, "par_please", "par_write", "par_every", "par_thought", "par_before") >= 500_000


@pytest.mark.parametrize("rule", ["request", "answer"])
def test_unrelated_texts_rarely_share_five_words(texts: Texts, rule: str) -> None:
    held: Counter[str] = Counter()
    many = 3000
    for text in written(texts, rule, "en", many):
        words = text.casefold().split()
        held.update({" ".join(words[at : at + 5]) for at in range(len(words) - 4)})
    [(gram, count)] = held.most_common(1)
    assert count / many < 0.02, gram


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_lists_are_long(grammar: Grammar, language: str) -> None:
    lengths = [len(grammar.rules[language, rule].alternatives) for rule in ("verb", "adj", "time", "name")]
    assert min(lengths) >= 14
