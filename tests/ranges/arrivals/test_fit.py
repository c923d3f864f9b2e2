"""The shipped tables are what the command makes of the traces."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stillwatch.ranges.arrivals.fit import SHIPPED, encode, main
from stillwatch.ranges.arrivals.tables import table
from tests.ranges.arrivals.makers import TRACES, needs_traces

NAMES = ("rhythms", "burstiness", "lengths")


@needs_traces
def test_the_command_makes_the_shipped_tables_again(tmp_path: Path) -> None:
    assert main(["--traces", str(TRACES), "--out", str(tmp_path)]) == 0
    for name in NAMES:
        made, shipped = ((f / f"{name}.json").read_text() for f in (tmp_path, SHIPPED))
        assert _near(orjson.loads(made), orjson.loads(shipped)), name


def _near(one: object, other: object) -> bool:
    """Compare up to the last digit kept: other builds of BLAS round sums otherwise."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_near(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_near(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return one == pytest.approx(other, abs=2e-3)
    return one == other


def test_absent_traces_leave_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--traces", str(tmp_path)]) == 2
    assert "--traces" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_tables_say_where_they_come_from_and_are_small(name: str) -> None:
    about = table(name)["about"]
    assert "arrivals.fit" in about["made_by"]
    assert all(any(licence in s for licence in ("Apache", "MIT", "CC-BY")) for s in about["sources"])
    assert (SHIPPED / f"{name}.json").stat().st_size < 100_000


def test_tables_are_written_a_profile_a_line() -> None:
    written = encode({"about": {"a": 1}, "profiles": [{"x": 1}, {"x": 2}]})
    assert orjson.loads(written) == {"about": {"a": 1}, "profiles": [{"x": 1}, {"x": 2}]}
    assert written.count(b"\n") == 7
