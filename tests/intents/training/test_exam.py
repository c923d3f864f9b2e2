"""The exam puts answers beside what is known of them, whatever they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.intents.kernel import LOWEST
from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.model import Model
from stillwatch.intents.score import score
from stillwatch.intents.training import exam as room
from stillwatch.intents.training.corpus import FILES, HELD_OUT_SOURCES
from stillwatch.intents.training.exam import (
    Answers,
    answer,
    exam_samples,
    fixture_scores,
    fixtures,
    held_out_samples,
    join,
    range_answers,
)
from stillwatch.intents.training.families import REASONING
from stillwatch.intents.training.samples import Part
from stillwatch.intents.training.train import gather
from stillwatch.ranges.render.exchanges import TRUTH_SCHEMA
from tests.intents import makers
from tests.intents.training.makers import MAIN, corpus, lessons, row, sample

NOISY = makers.noisy_model()


def thinker() -> Model:
    """Return a model that gives the main label to whoever writes the word "gift"."""
    return makers.model({(5, MAIN): 50, (6, MAIN): 50}, {MAIN: 10})


def scores_of(*exchanges: dict[str, Any]) -> np.ndarray:
    return score(makers.batch(*exchanges), NOISY).best


def test_a_sample_is_scored_as_an_exchange_of_the_same_texts() -> None:
    both = sample(parts=(Part("operator", "think next"), Part("user", "a gift")))
    found = answer([both, sample("Pensées"), sample("think", author="operator")], NOISY)
    expected = scores_of(
        makers.exchange("a gift", "think next"), makers.exchange("Pensées"), makers.exchange(None, "think")
    )
    assert np.array_equal(found.scores, expected)


def test_what_is_known_stands_beside_each_answer() -> None:
    made = sample(
        true=frozenset({MAIN}), unknown=frozenset({Label.VISION}), family="f", language="fr", template="t"
    )
    found = answer([made, sample()], NOISY)
    assert found.known[:, [MAIN, Label.VISION, Label.TOOL_USE]].tolist() == [[1, -1, 0], [0, 0, 0]]
    columns = (found.family, found.language, found.source, found.template)
    assert [c.tolist() for c in columns] == [["f", "one_word"], ["fr", "en"], ["test", "test"], ["t", ""]]


def test_answers_are_joined_in_order() -> None:
    parts = [answer([sample(text, family=text)], NOISY) for text in ("think", "gift", "b")]
    whole = answer([sample(text, family=text) for text in ("think", "gift", "b")], NOISY)
    for name in Answers.__dataclass_fields__:
        assert np.array_equal(getattr(join(parts), name), getattr(whole, name))


def test_an_empty_exam_has_no_answers() -> None:
    found = answer([], NOISY)
    assert found.scores.shape == found.known.shape == (0, LANES) and len(found.family) == 0


def test_the_exam_is_the_shipped_exam_rendered_so_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, asked = lessons(tmp_path, families={"tutoring": ["{question}", "Why? {question}"]}), []
    monkeypatch.setattr(room, "read_folder", lambda folder: asked.append(folder) or [made])
    assert len(exam_samples(5, 1)) == 10 and asked == ["exam"]
    assert exam_samples(5, 1) == exam_samples(5, 1) != exam_samples(5, 2)


def test_what_a_corpus_holds_out_is_all_that_training_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = sorted(HELD_OUT_SOURCES)
    files = {
        name: [row(source=s, prompt=f"{name} {s}") for s in ("open/one", held[0], held[-1])] for name in FILES
    }
    files["benign_system"].append(row(lang="tr", prompt="benign_system tr"))
    folder = corpus(tmp_path / "c", files)
    monkeypatch.setattr("stillwatch.intents.training.train.read_folder", lambda _folder: [])
    trained = {s.parts[0].text for s in gather(folder, 1, 1) if s.family != "unreadable"}
    examined = {s.parts[0].text for s in held_out_samples(folder)}
    assert not trained & examined
    assert trained | examined == {r["prompt"] for rows in files.values() for r in rows}


def a_range(folder: Path, *rows: tuple[str | None, str, str | None, str]) -> Path:
    """Write a range: campaign, kind, capability and the user's text of each exchange; the truth in another order."""
    ids = [f"x{i}" for i in range(len(rows))]
    truth = [
        {"exchange_id": i, "account_id": "a", "campaign": c, "kind": k, "capability": what}
        for i, (c, k, what, _text) in zip(ids, rows, strict=True)
    ]
    pq.write_table(pa.Table.from_pylist(truth[::-1], schema=TRUTH_SCHEMA), folder / "truth.parquet")
    log = [
        {"exchange_id": i, "account_id": "a", "messages": [{"role": "user", "content": text}]}
        for i, (_c, _k, _what, text) in zip(ids, rows, strict=True)
    ]
    schema = pa.schema([EXCHANGE_SCHEMA.field(name) for name in ("exchange_id", "account_id", "messages")])
    pq.write_table(pa.Table.from_pylist(log, schema=schema), folder / "exchanges.parquet", row_group_size=2)
    return folder


def test_the_traffic_of_a_range_is_scored_as_a_scan_scores_it(tmp_path: Path) -> None:
    texts = ["a gift", "think next", "Pensées", "思考", ""]
    found = range_answers(a_range(tmp_path, *((None, "people", None, text) for text in texts)), NOISY)
    assert np.array_equal(found.scores, scores_of(*(makers.exchange(text) for text in texts)))
    assert set(found.language.tolist()) == set(found.source.tolist()) == {"range"}


def test_the_truth_of_a_range_tells_what_campaigns_are_after_and_that_honest_people_want_no_hidden_trace(
    tmp_path: Path,
) -> None:
    found = range_answers(
        a_range(
            tmp_path,
            ("c1", "cot_harvest", "reasoning_elicitation", "x"),
            ("c2", "grading", "rubric_grading", "x"),
            ("c2", "cover", "general", "x"),
            ("c2", "cover", None, "x"),
            (None, "tutor", None, "x"),
            (None, "ci_judge", "rubric_grading", "x"),
        ),
        NOISY,
    )
    assert found.family.tolist() == ["cot_harvest", "grading", "cover", "cover", "tutor", "ci_judge"]
    assert found.template.tolist() == ["c1", "c2", "c2", "c2", "", ""]
    states = [
        {Label(at): int(state) for at, state in enumerate(known) if state >= 0} for known in found.known
    ]
    assert states[0] == dict.fromkeys(REASONING, 1)
    assert states[1] == {Label.RUBRIC_GRADING: 1}
    assert states[2] == states[3] == {}
    assert states[4] == states[5] and set(states[4].values()) == {0}
    assert {*REASONING} <= states[4].keys() and Label.RUBRIC_GRADING not in states[4]


def test_every_fixture_is_scored_as_its_exchange_under_its_name() -> None:
    found = fixture_scores(NOISY)
    assert list(found) == [row.id for row in fixtures()]
    for one in fixtures()[::25]:
        whole = {name: one.exchange.get(name) for name in ("system", "messages", "layers")}
        assert np.array_equal(found[one.id], scores_of(whole)[0]), one.id
    assert all((scores > LOWEST).all() for scores in found.values())


def test_fixtures_keep_to_the_fields_of_an_exchange() -> None:
    for one in fixtures():
        assert one.exchange.keys() <= set(EXCHANGE_SCHEMA.names), one.id
        pa.RecordBatch.from_pylist(
            [dict(one.exchange)], schema=pa.schema([EXCHANGE_SCHEMA.field(name) for name in one.exchange])
        )


def test_a_word_of_the_model_is_found_in_the_exam() -> None:
    model = thinker()
    scores = answer([sample("a gift"), sample("nothing")], model).scores[:, MAIN]
    assert scores[0] >= model.cuts[MAIN] > scores[1]
