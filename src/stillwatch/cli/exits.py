"""What the exit code says. Scripts rely on these numbers: they are only ever added to."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    OK = 0
    ERROR = 1  # something failed while running
    USAGE = 2  # options, arguments or configuration cannot be used
    FINDINGS = 3  # a campaign at or above --fail-on
    REJECTED = 4  # too many rows could not be read; results were written
    REGRESSED = 5  # a fixture that people found honest would be named
    INTERRUPTED = 130  # SIGINT; nothing half-written is left
    TERMINATED = 143  # SIGTERM; likewise
