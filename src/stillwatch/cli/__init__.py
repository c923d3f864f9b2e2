"""The command line. `main` runs it, and turns whatever goes wrong into one clear line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import LOUDNESS, complain, set_loudness

__all__ = ["ExitCode", "main", "run"]


def main() -> None:
    """Run the command line with the process's arguments and leave with its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code. Errors are told on standard error, never raised."""
    from stillwatch.cli.app import app  # here, so that `main` can be imported without every command

    set_loudness(quiet=False, verbose=0)
    try:
        code = app(args=list(arguments), prog_name="stillwatch", standalone_mode=False)
        sys.stdout.flush()
        return _interrupted() if code == ExitCode.INTERRUPTED else int(code or ExitCode.OK)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:  # the reader of our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:
        return _tell(error)


def _tell(error: Exception) -> int:
    # imported late: a failing start-up must still be told
    from stillwatch.settings import SettingsError

    if LOUDNESS.tracebacks:
        traceback.print_exception(error)
    if isinstance(error, SettingsError):
        for problem in error.problems:
            complain(str(problem))
        return ExitCode.USAGE
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # typer's, in any of its versions
        return _usage(error)
    if type(error).__name__ == "Abort":
        return _interrupted()
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}")
        return ExitCode.ERROR
    if type(error).__module__.startswith("stillwatch."):  # its message is written for people
        complain(str(error))
        return ExitCode.USAGE if type(error).__name__ == "OptionError" else ExitCode.ERROR
    complain(f"{type(error).__name__}: {error}\n  fix: run again with -vv for the traceback, and report it")
    return ExitCode.ERROR


def _usage(error: Exception) -> int:
    message = str(error.format_message())  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(message + "\n")
        return ExitCode.USAGE
    command = context.command_path if context is not None else "stillwatch"
    complain(f"{command}: {message}\n  fix: see `{command} --help`")
    return int(error.exit_code)  # type: ignore[attr-defined]


def _interrupted() -> int:
    complain("interrupted; nothing half-written is left")
    return ExitCode.INTERRUPTED


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(ExitCode.TERMINATED)  # unwinds, so that temporary files go
