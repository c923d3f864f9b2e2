from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.ranges import Population, Range, build, write, write_range
from stillwatch.ranges.render import spill
from stillwatch.ranges.scenarios.population import part
from stillwatch.ranges.write import FORMS, TABLES

MODULE = import_module("stillwatch.ranges.build")  # the package exports the function of the same name
SMALL = Population("small", (part("chat_users", 8, 80), part("hydra", 4, 120, "willow")), 2.0)


@pytest.fixture(scope="module")
def small() -> Range:
    return build(SMALL, seed=1)


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("form", FORMS)
def test_streamed_and_spilled_files_are_the_same_bytes(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        write_range(SMALL, 1, tmp_path / name, form=form)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    monkeypatch.setattr(MODULE, "_THREADS", 1)
    write_range(SMALL, 1, tmp_path / "alone", form=form)
    assert files(tmp_path / "one") == files(tmp_path / "alone")


def test_streamed_files_hold_exactly_what_is_built_in_memory(
    small: Range, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "WINDOW", 40)
    monkeypatch.setattr(spill, "_BUFFER", 30)
    paths = write_range(SMALL, 1, tmp_path).paths
    for name in TABLES:
        assert pq.read_table(paths[name]).equals(getattr(small, name))


def test_a_range_in_memory_is_written_as_it_is(small: Range, tmp_path: Path) -> None:
    paths = write(small, tmp_path)
    assert set(paths) == set(TABLES)
    for name in TABLES:
        assert pq.read_table(paths[name]).equals(getattr(small, name))


def test_both_ways_of_writing_give_the_same_lines(small: Range, tmp_path: Path) -> None:
    streamed = write_range(SMALL, 1, tmp_path / "streamed", form="jsonl").paths
    whole = write(small, tmp_path / "whole", "jsonl")
    for name in TABLES:
        assert streamed[name].read_bytes() == whole[name].read_bytes()


def test_the_manifest_counts_what_was_written(small: Range, tmp_path: Path) -> None:
    written = write_range(SMALL, 1, tmp_path)
    told = json.loads((tmp_path / "range.json").read_text())
    assert told == written.manifest and written.paths["range"] == tmp_path / "range.json"
    assert told["exchanges"] == sum(told["kinds"].values()) == small.exchanges.num_rows
    assert told["campaigns"] == {"willow": small.truth["campaign"].to_pylist().count("willow")}
    assert (told["seed"], told["scenario"], told["accounts"]) == (1, "small", len(small.accounts or ()))


def test_a_run_that_fails_midway_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "CHUNK", 50)
    calls = 0

    def fail(sink: Any, batch: pa.RecordBatch) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise OSError("the disk is full")

    write_range(SMALL, 2, tmp_path)
    before = files(tmp_path)
    monkeypatch.setattr(import_module("stillwatch.ranges.write")._sink, "put", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_range(SMALL, 1, tmp_path)
    assert files(tmp_path) == before


def test_an_unknown_kind_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found 'war'"):
        write_range(SMALL.with_parts(part("war", 1, 1)), 1, tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_earlier_range_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_range(SMALL, 1, tmp_path)
    write_range(SMALL, 2, tmp_path, form="jsonl", accounts_table=False)
    assert sorted(files(tmp_path)) == [
        "exchanges.jsonl", "notes.txt", "range.json", "truth.jsonl", "truth_accounts.jsonl",
    ]  # fmt: skip
    assert json.loads((tmp_path / "range.json").read_text())["seed"] == 2


def test_a_range_without_accounts_has_no_accounts_file(small: Range, tmp_path: Path) -> None:
    bare = Range(small.exchanges, None, small.truth, small.truth_accounts)
    assert "accounts" not in write(bare, tmp_path)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    written = write_range(SMALL, 1, tmp_path, progress=told.append)
    assert (
        told[0] == "planning chat_users"
        and told[-1] == f"writing, {written.manifest['exchanges']:,} exchanges"
    )


def test_an_unknown_form_says_what_exists(small: Range, tmp_path: Path) -> None:
    for attempt in (
        lambda: write(small, tmp_path, "csv"),
        lambda: write_range(SMALL, 1, tmp_path, form="csv"),
    ):
        with pytest.raises(ValueError, match="form: expected parquet or jsonl, found 'csv'"):
            attempt()
