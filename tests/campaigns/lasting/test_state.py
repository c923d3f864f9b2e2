"""The state is written whole, read again, upgraded from the first version, and held by one scan at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stillwatch.campaigns.lasting.records import Known, State
from stillwatch.campaigns.lasting.state import STATE_FILE, StateError, locked, read_state, write_state
from tests.campaigns.lasting.makers import known, pool
from tests.campaigns.lasting.test_records import FULL


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    assert read_state(None) == read_state(folder) == State()
    write_state(folder, FULL)
    assert read_state(folder) == FULL
    assert [path.name for path in folder.iterdir()] == [STATE_FILE]


def test_equal_states_are_equal_files_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_state(tmp_path / name, FULL)
    files = [tmp_path / name / STATE_FILE for name in ("a", "b")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_the_first_version_is_upgraded(tmp_path: Path) -> None:
    old = {
        "version": 1,
        "campaigns": [{"campaign_id": "C-2", "members": ["b", "a"]}, {"campaign_id": "C-1", "members": []}],
    }
    (tmp_path / STATE_FILE).write_text(json.dumps(old))
    state = read_state(tmp_path)
    assert state == State(campaigns=[Known("C-1", []), Known("C-2", ["a", "b"])])
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    # and what is written now is what the version before reads of it
    raw = json.loads((tmp_path / STATE_FILE).read_text())
    assert {row["campaign_id"]: row["members"] for row in raw["campaigns"]} == {"C-1": [], "C-2": ["a", "b"]}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2, "scans": "many"}', '{"version": 1}', '{"version": 99}']
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).write_text(text)
    with pytest.raises(StateError) as error:
        read_state(tmp_path)
    assert str(tmp_path / STATE_FILE) in str(error.value) and "fix:" in str(error.value)


def test_a_state_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_state(tmp_path, FULL)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_state(tmp_path, State(campaigns=[known("C-9", pool())]))
    monkeypatch.undo()
    assert read_state(tmp_path) == FULL
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]


HOLD = """
import sys, time
from pathlib import Path
from stillwatch.campaigns.lasting.state import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_scans_never_share_a_state_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            with pytest.raises(StateError, match="another scan") as error, locked(tmp_path):
                pass
            assert str(tmp_path) in str(error.value)
        finally:
            holder.kill()
    deadline = time.monotonic() + 5
    while True:
        try:
            with locked(tmp_path):
                break
        except StateError:
            assert time.monotonic() < deadline
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_is_held_and_an_absent_one_is_made(tmp_path: Path) -> None:
    with locked(None), locked(tmp_path / "new"):
        assert (tmp_path / "new").is_dir()
    with locked(tmp_path / "new"):  # let go
        pass
