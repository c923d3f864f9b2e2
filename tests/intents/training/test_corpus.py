"""Published prompts become samples: what is believed, what is left unknown, and what is never trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.labels import CAPABILITIES, Label
from stillwatch.intents.training.corpus import (
    FILES,
    HELD_OUT_LANGUAGES,
    HELD_OUT_SOURCES,
    LONGEST,
    CorpusError,
    is_held_out,
    read_corpus,
)
from stillwatch.intents.training.families import REASONING
from stillwatch.intents.training.samples import Part, Sample
from tests.intents.training.makers import corpus, row, sample

BENIGN = [name for name in FILES if name.startswith("benign")]
ATTACK = [name for name in FILES if name.startswith("attack")]
PIPELINES = (
    "rubric_grading",
    "verification",
    "preference_judging",
    "cot_distillation",
    "code",
    "chat",
    "",
    "no such",
)


def samples(folder: Path, name: str = "benign_chat", *rows: Any, suffix: str = ".jsonl") -> list[Sample]:
    new = folder / str(len(list(folder.iterdir())))
    return list(read_corpus(corpus(new, {name: rows or (row(),)}, suffix)))


def one(folder: Path, name: str = "benign_chat", **said: Any) -> Sample:
    (found,) = samples(folder, name, row(**said))
    return found


def known_false(found: Sample) -> set[Label]:
    return set(Label) - found.true - found.unknown


@pytest.mark.parametrize("suffix", (".jsonl", ".jsonl.zst"))
def test_the_same_rows_are_read_packed_or_not_file_by_file(suffix: str, tmp_path: Path) -> None:
    files = {name: [row(prompt=f"{name} {i}") for i in range(3)] for name in reversed(FILES)}
    found = list(read_corpus(corpus(tmp_path / "c", files, suffix)))
    assert [s.parts[0].text for s in found] == [f"{name} {i}" for name in FILES for i in range(3)]
    assert [s.family for s in found] == [name for name in FILES for _i in range(3)]


def test_what_was_packed_in_several_pieces_is_read_to_the_end(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", {"benign_chat": [row()]}, ".jsonl.zst")
    path = folder / "benign_chat.jsonl.zst"
    path.write_bytes(
        path.read_bytes() + zstandard.ZstdCompressor().compress(b'{"source": "s", "prompt": "last"}\n')
    )
    assert [s.parts[0].text for s in read_corpus(folder)][-1] == "last"


def test_other_files_are_none_of_its_business_and_a_folder_without_any_is_told(tmp_path: Path) -> None:
    corpus(tmp_path / "c", {"notes": ["not JSON"], "benign_chat": [row()]})
    assert len(list(read_corpus(tmp_path / "c"))) == 1
    with pytest.raises(
        CorpusError, match=r"no corpus here; expected files such as attack_instances\.jsonl\.zst"
    ):
        list(read_corpus(tmp_path))


@pytest.mark.parametrize(
    "broken",
    ["{", "[]", "7", '{"prompt": "no source"}', '{"source": 3, "prompt": "x"}', "\udcff"],
)
def test_a_line_that_cannot_be_used_is_told_with_file_and_number(broken: str, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", {"benign_chat": [row()]})
    path = folder / "benign_chat.jsonl"
    path.write_bytes(path.read_bytes() + broken.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(CorpusError, match=r"benign_chat\.jsonl:2: .*; mend or remove it"):
        list(read_corpus(folder))


@pytest.mark.parametrize("turns", [7, [None], [{"role": "user"}], [{"role": "user", "content": 3}], "hello"])
def test_turns_of_another_shape_are_told_or_read_and_never_crash(turns: Any, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", {"benign_chat": [row(turns=turns)]})
    try:
        assert len(list(read_corpus(folder))) <= 1
    except CorpusError as error:
        assert "benign_chat.jsonl:1:" in str(error)


def test_packing_that_is_broken_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "benign_chat.jsonl.zst").write_bytes(b"this is no zstd frame")
    with pytest.raises(CorpusError, match=r"benign_chat\.jsonl\.zst"):
        list(read_corpus(folder))


def test_the_operators_text_and_the_last_question_are_the_parts(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "no"},
        {"role": "user", "content": "last"},
    ]
    found = one(tmp_path, system="You are a guide.", prompt="unused", turns=turns)
    assert found.parts == (Part("operator", "You are a guide."), Part("user", "last"))
    assert one(tmp_path, turns=turns[1:2], prompt="asked").parts == (Part("user", "asked"),)
    assert one(tmp_path, system="Only this.", prompt=None).parts == (Part("operator", "Only this."),)


def test_a_row_without_a_text_is_no_sample_and_a_long_text_is_cut(tmp_path: Path) -> None:
    assert samples(tmp_path, "benign_chat", row(prompt=None), row(prompt="", system="")) == []
    found = one(tmp_path, prompt="ab" * LONGEST, system="c" * (LONGEST + 1))
    assert [len(part.text) for part in found.parts] == [LONGEST, LONGEST]


def test_a_sample_says_where_it_comes_from(tmp_path: Path) -> None:
    found = one(tmp_path, "question_banks", source="x/y", capability="code", lang="fr")
    assert (found.source, found.family, found.language, found.template) == (
        "x/y",
        "question_banks",
        "fr",
        "code",
    )
    assert one(tmp_path, lang=None).language == "und"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("capability", PIPELINES)
def test_nothing_is_both_true_and_unknown_whatever_a_row_says(
    name: str, capability: str, tmp_path: Path
) -> None:
    found = one(tmp_path, name, capability=capability)
    assert not found.true & found.unknown


@pytest.mark.parametrize("name", BENIGN)
def test_honest_traffic_surely_wants_no_hidden_trace_and_nothing_of_a_harvest_is_believed_of_it(
    name: str, tmp_path: Path
) -> None:
    found = one(tmp_path, name, capability="rubric_grading")
    assert {*REASONING} <= known_false(found)
    assert not found.true & {*CAPABILITIES}


@pytest.mark.parametrize("name", ATTACK)
@pytest.mark.parametrize("capability", PIPELINES)
def test_whether_a_pipeline_wants_a_hidden_trace_is_left_unknown(
    name: str, capability: str, tmp_path: Path
) -> None:
    found = one(tmp_path, name, capability=capability)
    assert not found.true & {*REASONING}
    assert {*REASONING} <= found.unknown or name == "attack_instances"


@pytest.mark.parametrize("name", ("attack_templates", "attack_rendered"))
def test_a_pipeline_of_plain_purpose_is_believed_and_others_are_not(name: str, tmp_path: Path) -> None:
    assert one(tmp_path, name, capability="verification").true == {
        Label.SYNTHETIC_PROMPT,
        Label.RUBRIC_GRADING,
    }
    assert one(tmp_path, name, capability="cot_distillation").true == {Label.SYNTHETIC_PROMPT}
    assert one(tmp_path, "attack_instances", capability="verification").true == frozenset()


def test_a_single_instruction_is_what_anybody_asks_and_surely_wants_no_hidden_trace(tmp_path: Path) -> None:
    found = one(tmp_path, "attack_instances", capability="cot_distillation")
    assert found.true == frozenset() and {*REASONING} <= known_false(found)


def test_a_bank_holds_items_and_code_is_work_on_code(tmp_path: Path) -> None:
    assert one(tmp_path, "question_banks", capability="math").true == {Label.BENCHMARK_ITEMS}
    assert one(tmp_path, "question_banks", capability="code").true == {Label.AGENTIC_CODING}


@pytest.mark.parametrize("source", sorted(HELD_OUT_SOURCES))
def test_a_source_that_is_held_out_is_so_in_every_file_and_language(source: str, tmp_path: Path) -> None:
    files = {name: [row(source=source, lang=lang) for lang in ("en", "fr", None)] for name in FILES}
    assert all(map(is_held_out, read_corpus(corpus(tmp_path / "c", files))))


@given(st.sampled_from(FILES), st.sampled_from(sorted(HELD_OUT_LANGUAGES)))
def test_of_a_language_that_is_held_out_only_the_operators_prompts_are(name: str, language: str) -> None:
    assert is_held_out(sample(family=name, language=language, source="x")) == (name == "benign_system")
    assert not is_held_out(sample(family="benign_system", language="en", source="x"))
