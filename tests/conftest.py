"""What tests of several rooms share: the demo, written and scanned once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.demo import DemoOutcome, run_demo


def pytest_configure(config: pytest.Config) -> None:
    # Ibis 12 still calls what DuckDB 2.0 renamed; the one warning that is not ours to mend.
    told = r"ignore:fetch_arrow_table\(\) is deprecated:DeprecationWarning"
    config.addinivalue_line("filterwarnings", told)


@pytest.fixture(scope="session")
def demo_outcome(tmp_path_factory: pytest.TempPathFactory) -> DemoOutcome:
    """Return the demo's outcome; its folder is to be read, not changed."""
    return run_demo(tmp_path_factory.mktemp("demo") / "stillwatch-demo")


@pytest.fixture(scope="session")
def demo_data(demo_outcome: DemoOutcome) -> Path:
    """Return the folder as `stillwatch demo --out DIR` leaves it."""
    return demo_outcome.results.parent
