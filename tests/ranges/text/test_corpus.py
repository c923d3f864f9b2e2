"""A corpus replaces rules; what cannot be read is told with file and line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import zstandard

from stillwatch.ranges.text import Refs, Texts
from stillwatch.ranges.text.corpus import FEWEST_TEXTS, CorpusError, add_corpus
from tests.ranges.text.makers import grammar, refs

SHARED = Path(os.environ.get("STILLWATCH_SHARED", Path(__file__).parents[4] / "shared")) / "data"


def row(**given: object) -> dict[str, object]:
    return {"lang": "en", "role": "user_prompt", "capability": "chat", "prompt": "text", "meta": {}} | given


def corpus(folder: Path, name: str, rows: list[dict[str, object]], end: str = "") -> Path:
    lines = "".join(json.dumps(r) + "\n" for r in rows) + end
    (folder / f"{name}.jsonl.zst").write_bytes(zstandard.compress(lines.encode()))
    return folder


def written(folder: Path, rule: str, n: int = 50, **further: object) -> list[str]:
    built = grammar()
    add_corpus(built, folder, **further)  # type: ignore[arg-type]
    texts = Texts(built)
    found: list[str] = texts.render(
        refs(texts.symbol(rule), n), None, refs(texts.symbol("verb"), n)
    ).to_pylist()
    return found


def test_texts_replace_a_language_s_requests_braces_and_all(tmp_path: Path) -> None:
    texts = {f"{{request}} {number}" for number in range(FEWEST_TEXTS)}
    folder = corpus(tmp_path, "benign_chat", [row(prompt=text) for text in texts])
    assert set(written(folder, "request")) <= texts


def test_a_language_with_too_few_texts_keeps_its_grammar(tmp_path: Path) -> None:
    folder = corpus(tmp_path, "benign_chat", [row(prompt="only one")] * 3 + [row(lang="xx")] * 99)
    assert "only one" not in written(folder, "request")


def test_texts_are_cut(tmp_path: Path) -> None:
    folder = corpus(tmp_path, "benign_agent", [row(prompt="x" * 9000)] * FEWEST_TEXTS)
    assert set(map(len, written(folder, "task"))) == {4000}
    assert set(map(len, written(folder, "task", longest=7))) == {7}


def test_one_topic_keeps_one_template_and_its_slots_vary(tmp_path: Path) -> None:
    attack = [
        row(prompt=f"Form {n}: {{question}} / {{further}} / {{last}}", capability="rubric_grading")
        for n in range(9)
    ]
    found = written(corpus(tmp_path, "attack_templates", attack), "grade_prompt", 40)
    assert len({text.split(":")[0] for text in found}) == 1
    assert len({text.split()[2] for text in found}) > 1


def test_a_topic_s_exam_item_is_the_same_in_every_turn(tmp_path: Path) -> None:
    folder = corpus(tmp_path, "question_banks", [row(prompt=f"Item {n}") for n in range(500)])
    built = grammar()
    add_corpus(built, folder)
    texts = Texts(built)
    n = 300
    topics = np.repeat(np.arange(n // 3, dtype=np.uint64), 3)
    found = texts.render(
        Refs(np.full(n, texts.symbol("exam_question")), topics, np.arange(n), np.zeros(n, int))
    ).to_pylist()
    assert found[::3] == found[1::3] == found[2::3]
    assert len(set(found)) > 70


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("{oops\n", r"zst:2: .*mend"),
        ("[]\n", "zst:2: expected an object"),
        ('{"lang": "en"}\n', "zst:2: .*`prompt`"),
    ],
)
def test_a_malformed_line_is_told(tmp_path: Path, end: str, told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        add_corpus(grammar(), corpus(tmp_path, "benign_chat", [row()], end))


def test_a_damaged_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus here"):
        add_corpus(grammar(), tmp_path)
    (tmp_path / "benign_chat.jsonl.zst").write_bytes(b"not Zstandard")
    with pytest.raises(CorpusError, match="zst:1"):
        add_corpus(grammar(), tmp_path)


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "benign_chat.jsonl.zst").is_file(), reason="no research data here")
def test_the_shared_data_is_read_whole() -> None:
    texts = Texts.load(SHARED)
    n = 500
    for rule in (
        "request",
        "task",
        "product_system",
        "cot_prompt",
        "grade_prompt",
        "exam_question",
        "judge_prompt",
    ):
        symbol = np.full(n, texts.symbol(rule))
        found = texts.render(Refs(symbol, np.arange(n), np.arange(n), np.zeros(n, int))).to_pylist()
        assert len(set(found)) > 15, rule
