"""The state file: read, upgraded, written whole, and held by one scan at a time.

The only place that knows where the state lies and how. Others read with `read_state`, and change what they
must inside `locked`, with `write_state`.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from stillwatch.campaigns.lasting.records import VERSION, Known, State

STATE_FILE = "campaigns.json"


class StateError(ValueError):
    """The state cannot be used; the message names the file, what is wrong with it, and what to do."""


class _Versioned(msgspec.Struct):
    version: int = 1


class _OldCampaign(msgspec.Struct):
    campaign_id: str
    members: list[str]


class _Old(msgspec.Struct):
    """Version 1: ids and members."""

    campaigns: list[_OldCampaign]


def read_state(folder: Path | None) -> State:
    """Return the state in `folder`; an empty one where there is none yet. Version 1 is upgraded as it is read.

    Raises StateError where the file is damaged or of a later version.
    """
    file = folder / STATE_FILE if folder is not None else None
    if file is None or not file.exists():
        return State()
    raw = file.read_bytes()
    try:
        version = msgspec.json.decode(raw, type=_Versioned).version
        if version == 1:
            return _upgraded(msgspec.json.decode(raw, type=_Old))
        if version > VERSION:
            raise StateError(
                f"{file}: written by a later version of Stillwatch (state version {version}, this one reads "
                f"{VERSION})\n  fix: use that version, or another --state directory"
            )
        return msgspec.json.decode(raw, type=State)
    except msgspec.DecodeError as error:
        raise StateError(
            f"{file}: not a state file: {error}\n  fix: restore it from a copy, or use another --state directory"
        ) from error


def _upgraded(old: _Old) -> State:
    known = [Known(row.campaign_id, sorted(row.members)) for row in old.campaigns]
    return State(campaigns=sorted(known, key=lambda campaign: campaign.campaign_id))


def write_state(folder: Path, state: State) -> None:
    """Write the state whole: a run that is killed leaves the one before. Equal states give equal bytes.

    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.format(msgspec.json.encode(state, order="deterministic"), indent=1)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".campaigns-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encoded + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / STATE_FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def locked(folder: Path | None) -> Iterator[None]:
    """Hold the state of a folder, made where absent; do nothing without one.

    The lock goes with the process, however it ends. Raises StateError where another process holds it: two
    scans on one state would each forget what the other found.
    """
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateError(
                f"{folder}: another scan is at work on this state\n"
                "  fix: wait until it ends, or give each log a --state directory of its own"
            ) from None
        yield
    finally:
        os.close(handle)
