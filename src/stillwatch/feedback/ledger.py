"""The ledger: what people said of findings, one JSON object a line, only ever appended to.

Nothing is erased: who takes a word back appends an entry that does. A line that was cut short (a full disk, a power
cut) is told and passed over, and stays in the file. Appending holds a lock, so two analysts never share an id.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import orjson

from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.files import flush

LEDGER = "feedback.jsonl"
VERSION = 1
PRIVATE = 0o600

Says = Literal["honest", "campaign", "resale", "unclear"]
Appeal = Literal["upheld", "rejected"]


@dataclass(frozen=True)
class Finding:
    """What was held of the subject when it was judged by a person, as the results have it."""

    verdict: str | None  # None: nothing was found
    confidence: str | None
    log10_e: float
    cut: float | None  # log10 e that was needed
    axes: dict[str, float]
    evidence: tuple[dict[str, Any], ...]  # rows, as campaigns.json holds them
    counter_evidence: tuple[dict[str, Any], ...]
    accounts: int


@dataclass(frozen=True)
class Entry:
    """One word on one subject, or one that takes an earlier word back (`retracts`)."""

    id: str
    recorded: str  # when it was said, by the clock on the wall; no detector reads it
    by: str
    because: str
    subject: str  # id of a campaign, of an account, or near-N
    about: str  # the campaign, or the near finding, whose measured group the word is on; else the account
    says: Says | None = None
    appeal: Appeal | None = None
    retracts: str | None = None
    found: Finding | None = None
    stillwatch: str = ""  # version that scanned
    seed_id: str = ""  # of the secret that the scan's keys were made with
    event_time: str = ""  # of the last exchange of the scan
    fixture: bool = False  # whether the group as measured is kept
    user: str = ""  # of the operating system; `by` is what was claimed
    version: int = VERSION


@dataclass(frozen=True)
class Broken:
    """A line that could not be read."""

    line: int
    reason: str


@dataclass(frozen=True)
class Ledger:
    """All entries in the order in which they were made, and the lines that are none."""

    entries: tuple[Entry, ...]
    broken: tuple[Broken, ...]

    @property
    def standing(self) -> tuple[Entry, ...]:
        """Return the words that were not taken back."""
        back = {entry.retracts for entry in self.entries}
        return tuple(entry for entry in self.entries if entry.retracts is None and entry.id not in back)

    def find(self, name: str) -> Entry:
        """Return the entry of this id. Raises FeedbackError where there is none."""
        for entry in self.entries:
            if entry.id == name:
                return entry
        known = f"the last is {self.entries[-1].id}" if self.entries else "the ledger holds none"
        raise FeedbackError(f"no entry {name!r}: {known}\n  fix: see `stillwatch feedback list`")


def read_ledger(state: Path) -> Ledger:
    """Return the ledger of a state folder; empty where nobody has said anything yet."""
    path = state / LEDGER
    return _parse(path.read_bytes()) if path.is_file() else Ledger((), ())


def _parse(raw: bytes) -> Ledger:
    entries: list[Entry] = []
    broken: list[Broken] = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            entry = msgspec.convert(orjson.loads(line), Entry)
        except orjson.JSONDecodeError:
            broken.append(Broken(number, "not JSON; it was cut short"))
        except msgspec.ValidationError as error:
            broken.append(Broken(number, f"not an entry: {error}"))
        else:
            if entry.version > VERSION:
                broken.append(Broken(number, f"written by a later version ({entry.version})"))
            else:
                entries.append(entry)
    return Ledger(tuple(entries), tuple(broken))


def append(state: Path, make: Callable[[str, Ledger], Entry]) -> Entry:
    """Append the entry that `make` returns for its id and the ledger as it is; return it.

    `make` runs under the ledger's lock; where it raises, nothing is written. The line goes to the disk in one write
    before this returns. Raises OSError where the ledger cannot be written.
    """
    state.mkdir(parents=True, exist_ok=True)
    path, new = state / LEDGER, not (state / LEDGER).exists()
    number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
    with os.fdopen(number, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file
        raw = path.read_bytes()
        ledger = _parse(raw)
        entry = make(_next_id(raw, ledger.entries), ledger)
        mend = b"" if raw.endswith(b"\n") or not raw else b"\n"  # a line cut short keeps to itself
        file.write(mend + orjson.dumps(asdict(entry), option=orjson.OPT_APPEND_NEWLINE))
        os.fsync(file.fileno())
    if new:
        flush(state)
    return entry


def _next_id(raw: bytes, entries: Sequence[Entry]) -> str:
    """Return an id that no line has, not even one that cannot be read."""
    numbers = [int(e.id[2:]) for e in entries if e.id.startswith("F-") and e.id[2:].isdecimal()]
    lines = sum(bool(line.strip()) for line in raw.split(b"\n"))
    return f"F-{max([lines, *numbers]) + 1:04}"
