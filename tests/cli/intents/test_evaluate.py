"""`intents evaluate` examines on what was never trained on, and writes down what it found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from stillwatch.intents import load_model
from stillwatch.intents.training import exam
from stillwatch.intents.training.corpus import HELD_OUT_SOURCES
from tests.intents.training.makers import MAIN, corpus, row, sample
from tests.intents.training.test_exam import a_range

Run = Callable[..., Any]
HELD = sorted(HELD_OUT_SOURCES)[0]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Put a small exam in the place of the shipped one, 25 of 30 positives say "gift"; how often it was rendered."""
    asked: list[tuple[int, int]] = []

    def samples(each: int, seed: int) -> list[Any]:
        asked.append((each, seed))
        texts = ["gift"] * 25 + ["so"] * 5
        true = [sample(text, true=frozenset({MAIN}), family="full_trace") for text in texts]
        return true + [sample("good night") for _i in range(40)]

    monkeypatch.setattr(exam, "exam_samples", samples)
    return asked


@pytest.fixture
def examined(stillwatch: Run, weights: Path, rendered: list[tuple[int, int]]) -> Run:
    """Return a function that examines the small weights."""
    return lambda *words: stillwatch("intents", "evaluate", "--weights", weights, *words)


def test_the_marks_are_told(examined: Run) -> None:
    ran = examined()
    assert ran.code == 0
    (line,) = [line for line in ran.out.splitlines() if line.startswith("reasoning_elicitation ")]
    assert line.split()[1:3] == ["30", "40"] and line.split()[4:7] == ["83.3%", "83.3%", "0.000%"]
    assert "recall by family: full_trace 83%" in ran.out
    assert re.search(r"fixtures: \d+ of \d+ wrong", ran.out)


def test_renderings_and_seed_are_as_asked(examined: Run, rendered: list[tuple[int, int]]) -> None:
    examined("--each", 3, "--seed", 11)
    examined()
    assert rendered == [(3, 11), (30, 7)]


def test_of_a_corpus_only_what_is_held_out_is_examined(examined: Run, tmp_path: Path) -> None:
    rows = [row(source=HELD, prompt="a gift") for _i in range(4)] + [row(prompt="a gift") for _i in range(9)]
    folder = corpus(tmp_path / "c", {"benign_chat": rows})
    ran = examined("--corpus", folder, "--out", tmp_path / "marks")
    assert ran.code == 0 and "== held out of the corpus ==" in ran.out
    told = json.loads((tmp_path / "marks" / "marks.json").read_text())
    found = told["sets"]["held out of the corpus"]
    assert found["look_alikes"]["reasoning_elicitation"] == {"benign_chat": 1.0}
    assert "fixtures: " not in ran.out.split("== held out of the corpus ==")[1]


def test_every_range_is_examined_under_its_name(examined: Run, tmp_path: Path) -> None:
    rows = [("c", "cot", "reasoning_elicitation", "gift"), (None, "people", None, "so")]
    folders: list[Any] = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folders += ["--range", a_range(tmp_path / name, *rows)]
    ran = examined(*folders)
    assert ran.code == 0 and "== range one ==" in ran.out and "== range two ==" in ran.out


def test_marks_and_pictures_are_written_where_asked(examined: Run, weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "marks"
    ran = examined("--out", out)
    assert ran.code == 0 and str(out / "marks.json") in ran.err
    told = json.loads((out / "marks.json").read_text(encoding="utf-8"))
    assert told["weights"] == load_model(weights).version
    assert told["sets"]["exam"]["labels"]["reasoning_elicitation"]["recall"] == pytest.approx(
        25 / 30, abs=1e-4
    )
    assert {path.suffix for path in out.iterdir()} == {".json", ".png"}


def test_a_corpus_or_range_that_is_not_there_is_told(examined: Run, tmp_path: Path) -> None:
    ran = examined("--corpus", tmp_path)
    assert ran.code == 1 and "no corpus here" in ran.err
    ran = examined("--range", tmp_path)
    assert ran.code == 1 and "truth.parquet" in ran.err


@pytest.mark.parametrize("command", ["evaluate", "train"])
def test_without_the_packages_of_the_extra_it_says_what_to_install(
    command: str, stillwatch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = util.find_spec
    monkeypatch.setattr(
        util, "find_spec", lambda name, *rest: None if name == "sklearn" else plain(name, *rest)
    )
    ran = stillwatch("intents", command)
    assert ran.code == 1 and ran.out == ""
    assert "need sklearn; install it with pip install 'stillwatch[intents]'" in ran.err
