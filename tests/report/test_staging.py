"""A directory appears whole or not at all, and nothing that is not ours is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stillwatch.report import staging
from stillwatch.report.staging import whole_directory


def fill(out: Path, **files: str) -> None:
    with whole_directory(out) as stage:
        for name, text in files.items():
            (stage / name).write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def content(out: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in out.iterdir()}


def test_a_new_directory_holds_what_was_written(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "out", a="1", b="2")
    assert content(tmp_path / "deep" / "out") == {"a": "1", "b": "2"}


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux's")
def test_an_earlier_result_alone_goes_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_by_one(stage: Path, target: Path) -> None:
        raise AssertionError("files were replaced one by one")

    monkeypatch.setattr(staging, "_replace_each", one_by_one)
    out = tmp_path / "out"
    fill(out, a="old", b="old")
    fill(out, a="new", b="new")
    assert content(out) == {"a": "new", "b": "new"}
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("exchangeable", [True, False])
def test_a_second_result_replaces_the_first_and_keeps_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchangeable: bool
) -> None:
    if not exchangeable:
        monkeypatch.setattr(staging, "_exchange", lambda a, b: False)
    out = tmp_path / "out"
    fill(out, a="old")
    (out / "notes.txt").write_text("mine")
    (out / "folder").mkdir()
    fill(out, a="new")
    (out / "folder").rmdir()
    assert content(out) == {"a": "new", "notes.txt": "mine"}
    assert names(tmp_path) == ["out"]


def test_the_working_directory_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inode = tmp_path.stat().st_ino
    fill(Path(), a="1")
    fill(Path(), a="2")
    assert content(tmp_path) == {"a": "2"}
    assert tmp_path.stat().st_ino == inode


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), whole_directory(tmp_path / "out") as stage:
        (stage / "a").write_text("half")
        raise RuntimeError
    assert names(tmp_path) == []


def test_a_killed_run_leaves_the_earlier_result_whole_and_is_swept_up(tmp_path: Path) -> None:
    out = tmp_path / "out"
    fill(out, a="whole")
    script = (
        "import sys, pathlib; from stillwatch.report.staging import whole_directory\n"
        f"with whole_directory(pathlib.Path({str(out)!r})) as stage:\n"
        "    (stage / 'a').write_text('half'); print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
    assert content(out) == {"a": "whole"}
    assert len(names(tmp_path)) == 2
    fill(out, a="next")
    assert content(out) == {"a": "next"}
    assert names(tmp_path) == ["out"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(NotADirectoryError, match="out"), whole_directory(tmp_path / "out"):
        pass


def test_a_link_is_followed_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    fill(tmp_path / "out", a="1")
    assert (tmp_path / "out").is_symlink()
    assert content(tmp_path / "real") == {"a": "1"}
