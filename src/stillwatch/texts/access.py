"""The access log of kept text: who read what, when and why, and what was removed. It is only ever appended to.

It holds ids and reasons, no text, and does not expire with the text: that is its use.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson

ACCESS_LOG = "access.jsonl"
PRIVATE = 0o600


def wall_clock() -> datetime:
    """Return the time by the clock on the wall, UTC: the one place in a scan that asks for it.

    Everything else goes by event time, so that a scan gives the same answer tomorrow. How long text may be
    kept is a promise in days of the people it is about, and an access is an event of today; neither changes
    what is found.
    """
    return datetime.now(UTC)


def reader() -> str:
    """Return the operating system's user: by the user database, which the environment cannot change."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # containers run under numbers that nobody has named
        return f"uid {number}"


def record_access(
    folder: Path, moment: datetime, action: str, why: str, exchange_ids: Sequence[str] = (), **said: object
) -> None:
    """Append one line to the access log in `folder` and flush it to disk; call it before the reading.

    `action` is what is about to be done, `exchange_ids` what is read, `said` further facts. Raises OSError
    where the log cannot be written: then nothing may be read.
    """
    line = {
        "time": moment.isoformat(),
        "who": reader(),
        "action": action,
        "why": why,
        "exchange_ids": list(exchange_ids),
        **said,
    }
    number = os.open(folder / ACCESS_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
    with os.fdopen(number, "ab", buffering=0) as log:
        log.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))  # one write: lines never mix
        os.fsync(log.fileno())
