"""`intents evaluate` marks the weights on the exam, on what a corpus holds out, and on ranges, one table each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.intents import Label, load_model
from stillwatch.intents import training as room
from stillwatch.intents.training import exam
from stillwatch.intents.training.samples import Part, Sample
from tests.cli.intents import weights
from tests.cli.makers import exchange
from tests.intents import makers

Run = Callable[..., Any]
MAIN = Label.REASONING_ELICITATION
TRUE = [Sample((Part("user", "One gift"),), "asked", "en", "exam", frozenset({MAIN}))] * 30
MISSED = [Sample((Part("user", "Nothing"),), "unasked", "en", "exam", frozenset({MAIN}))] * 10
INNOCENT = [Sample((Part("user", "hi"),), "greeting", "en", "exam")] * 50
LIKE = [Sample((Part("user", "A gift shop"),), "shopping", "en", "exam")] * 10


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is rendered and read: a handful of samples, one fixture that fails and one that does not."""
    found: list[Any] = []

    def exam_samples(each: int, seed: int) -> list[Sample]:
        found.append((each, seed))
        return [*TRUE, *MISSED, *INNOCENT, *LIKE]

    def held_out_samples(corpus: Path) -> list[Sample]:
        found.append(corpus)
        return [*TRUE, *INNOCENT]

    kept = [
        exam.Fixture("gifts-01", "", makers.exchange("The gift")),
        exam.Fixture("hi-02", "", makers.exchange("hi")),
    ]
    monkeypatch.setattr(exam, "exam_samples", exam_samples)
    monkeypatch.setattr(exam, "held_out_samples", held_out_samples)
    monkeypatch.setattr(exam, "fixtures", lambda: kept)
    return found


def written(folder: Path) -> Path:
    """Write a range of thirty gifts of one campaign and as many honest greetings."""
    folder.mkdir()
    rows = [
        exchange(n, messages=[{"role": "user", "content": "One gift" if n % 2 else "hi"}]) for n in range(60)
    ]
    columns = ("exchange_id", "system", "messages", "layers")
    batch = makers.batch(*({c: row.get(c) for c in columns} for row in rows), columns=columns)
    pq.write_table(pa.Table.from_batches([batch]), folder / "exchanges.parquet")
    truth = {
        "exchange_id": [row["exchange_id"] for row in rows],
        "campaign": ["copper" if n % 2 else None for n in range(60)],
        "kind": ["harvest" if n % 2 else "chat" for n in range(60)],
        "capability": [MAIN.slug if n % 2 else None for n in range(60)],
    }
    pq.write_table(pa.table(truth), folder / "truth.parquet")
    return folder


def marks(table: str, name: str) -> list[str]:
    """Return the marks of one label in a table of the output."""
    (row,) = (line for line in table.splitlines() if line.startswith(name + " "))
    return row.split()[1:]


def test_the_exam_is_marked_at_the_cut_of_the_weights(
    stillwatch: Run, tmp_path: Path, asked: list[Any]
) -> None:
    ran = stillwatch("intents", "evaluate", "--weights", weights(tmp_path))
    assert ran.code == 0 and asked == [(30, 7)]
    positives, negatives, _auprc, _strict, recall, false, _ece = marks(ran.out, MAIN.slug)
    assert (positives, negatives, recall, false) == ("40", "60", "75.0%", "16.667%")
    assert "reasoning elicitation, recall by family: asked 100%, unasked 0%" in ran.out
    assert f"  {MAIN.slug}: shopping 100.0%" in ran.out and "greeting" not in ran.out
    assert "fixtures: 1 of 2 wrong gifts-01" in ran.out
    assert ran.out.count("== ") == 1
    assert ran.err == "rendering the exam, 30 times each template\n"
    assert [path.name for path in tmp_path.iterdir()] == ["gifts.npz"]  # nothing is written unasked


def test_a_corpus_and_ranges_get_tables_of_their_own_without_the_fixtures(
    stillwatch: Run, tmp_path: Path, asked: list[Any]
) -> None:
    ranges = [written(tmp_path / name) for name in ("first", "second")]
    words = ("--corpus", tmp_path / "prompts", "--range", ranges[0], "--range", ranges[1])
    ran = stillwatch(
        "intents", "evaluate", "--weights", weights(tmp_path), "--each", 2, "--seed", 5, "-q", *words
    )
    assert (ran.code, ran.err) == (0, "")
    assert asked == [(2, 5), tmp_path / "prompts"]
    parts = ran.out.split("== ")[1:]
    assert [part.split(" ==")[0] for part in parts] == [
        "exam", "held out of the corpus", "range first", "range second",
    ]  # fmt: skip
    assert ["fixtures:" in part for part in parts] == [True, False, False, False]
    assert [marks(part, MAIN.slug)[:2] for part in parts[1:]] == [["30", "50"], ["30", "30"], ["30", "30"]]
    assert [marks(part, MAIN.slug)[4:6] for part in parts[1:]] == [["100.0%", "0.000%"]] * 3


def test_marks_and_plots_are_written_where_asked(stillwatch: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    own, out = weights(tmp_path), tmp_path / "new" / "marks"
    ran = stillwatch(
        "intents", "evaluate", "--weights", own, "--range", written(tmp_path / "first"), "-o", out
    )
    assert ran.code == 0
    told = json.loads((out / "marks.json").read_text(encoding="utf-8"))
    assert told["weights"] == load_model(own).version
    assert list(told["sets"]) == ["exam", "range first"]
    assert told["sets"]["exam"]["labels"][MAIN.slug]["recall"] == 0.75
    assert told["sets"]["exam"]["fixtures"] == {"gifts-01": True, "hi-02": False}
    plots = [path for path in out.iterdir() if path.name != "marks.json"]
    assert plots and all(path.read_bytes().startswith(b"\x89PNG") for path in plots)
    assert not [path for path in out.iterdir() if str(path) not in ran.err]


def test_a_range_without_its_truth_is_told_and_nothing_is_written(stillwatch: Run, tmp_path: Path) -> None:
    folder = written(tmp_path / "first")
    (folder / "truth.parquet").unlink()
    words = ("--weights", weights(tmp_path), "--range", folder, "-o", tmp_path / "out")
    ran = stillwatch("intents", "evaluate", *words)
    assert (ran.code, ran.out) == (1, "")
    assert str(folder / "truth.parquet") in ran.err and "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


def test_what_is_not_installed_is_told_before_anything_is_rendered(
    stillwatch: Run, tmp_path: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.importlib.util, "find_spec", lambda name: None)
    ran = stillwatch("intents", "evaluate", "--weights", weights(tmp_path))
    assert (ran.code, ran.out, asked) == (1, "", [])
    assert "pip install 'stillwatch[intents]'" in ran.err
