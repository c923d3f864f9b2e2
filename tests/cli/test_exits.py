"""Exit codes are promises: they are only added to."""

from __future__ import annotations

from stillwatch.cli.exits import ExitCode


def test_the_codes_are_these() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "ERROR": 1,
        "USAGE": 2,
        "FINDINGS": 3,
        "REJECTED": 4,
        "REGRESSED": 5,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }
