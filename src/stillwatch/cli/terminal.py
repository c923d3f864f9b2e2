"""Where words go: findings to standard output; progress, log lines and errors to standard error."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from stillwatch.exchanges import Progress

# what could move the cursor or colour the screen: file names and ids are other people's to choose
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\N{REPLACEMENT CHARACTER}")
del _CONTROLS[ord("\n")], _CONTROLS[ord("\t")]

_RECORD_KEYS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


@dataclass
class Loudness:
    """How much the person asked to hear; set once, by the command's options."""

    quiet: bool = False
    verbose: int = 0

    @property
    def tracebacks(self) -> bool:
        """Whether an error shows where in the source it arose (-vv)."""
        return self.verbose >= 2


LOUDNESS = Loudness()


def out() -> Console:
    """Return the console of standard output; plain where it is no terminal or NO_COLOR is set."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 100  # a file or a pipe has no width; wide enough for a table, narrow enough to read
    return console


def err() -> Console:
    """Return the console of standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a remark to standard error, unless asked to be quiet. Markup is not interpreted."""
    if not LOUDNESS.quiet:
        err().print(text.translate(_CONTROLS), markup=False, soft_wrap=True)


def complain(text: str) -> None:
    """Print an error to standard error: the first line is what and where, the rest what to do."""
    console = err()
    first, *rest = text.translate(_CONTROLS).split("\n")
    console.print("[bold red]error:[/] ", end="")
    console.print(first, markup=False)
    for line in rest:
        console.print(line, markup=False, style="dim" if line.lstrip().startswith("fix:") else None)


def print_json(value: Any) -> None:
    """Print dataclasses, lists and dicts as JSON to standard output, UTF-8 and indented."""
    import orjson

    option = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    sys.stdout.write(orjson.dumps(value, default=str, option=option).decode() + "\n")


def tell_rejected(rejected: int, rows: int, allowed: float, where: str) -> bool:
    """Tell on standard error where more than the allowed share of rows was rejected; return whether so."""
    if rejected <= allowed * rows:
        return False
    complain(
        f"{rejected:,} of {rows:,} rows could not be read"
        f" ({rejected / rows:.1%}, allowed are {allowed:.1%})\n"
        f"  fix: see {where} for file, line and reason, or raise input.max_rejected_share"
    )
    return True


def set_loudness(quiet: bool, verbose: int) -> None:
    """Set how much is said, and send the package's log lines to standard error: -v info, -vv debug."""
    LOUDNESS.quiet, LOUDNESS.verbose = quiet, verbose
    logger = logging.getLogger("stillwatch")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogfmtFormatter())
    logger.addHandler(handler)
    logger.propagate = False
    level = logging.ERROR if quiet else logging.WARNING
    logger.setLevel({0: level, 1: logging.INFO}.get(verbose, logging.DEBUG))


class LogfmtFormatter(logging.Formatter):
    """`time=… level=… logger=… msg="…" key=value`: read by people and by log shippers alike."""

    def format(self, record: logging.LogRecord) -> str:
        pairs: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        pairs |= {k: v for k, v in vars(record).items() if k not in _RECORD_KEYS}
        if record.exc_info:
            pairs["error"] = self.formatException(record.exc_info)
        return " ".join(f"{key}={_logfmt(value)}" for key, value in pairs.items())


def _logfmt(value: object) -> str:
    text = str(value)
    plain = text and not any(c in text for c in ' "=\n\t')
    return text if plain else json.dumps(text, ensure_ascii=False)


class StageProgress:
    """Progress of a scan as bars on standard error: one line a stage, done stages stay with their time.

    Called as `progress(stage, done, total)`; `total` is None where it is not known.
    """

    def __init__(self, bars: Bars | None) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Show that `done` of `total` units of `stage` are finished."""
        if self._bars is None:
            return
        if stage not in self._tasks:
            for task in self._tasks.values():
                self._finish(task)
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)

    def reading(self, at: Progress) -> None:
        """Show how far the readers have come, in bytes of the inputs."""
        self("reading", at.bytes_read, at.bytes_total)

    def _finish(self, task: TaskID) -> None:
        assert self._bars is not None
        known = next(t for t in self._bars.tasks if t.id == task)
        if not known.finished:
            done = max(known.completed, 1)
            self._bars.update(task, completed=done, total=done)


@contextmanager
def progress(wanted: bool = True) -> Iterator[StageProgress]:
    """Yield a progress callback; it draws only where standard error is a terminal and not quiet."""
    console = err()
    if not wanted or LOUDNESS.quiet or LOUDNESS.verbose or not console.is_terminal:
        yield StageProgress(None)
        return
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield StageProgress(bars)
