"""The demo log, written and scanned once; every page of the documentation gets a copy of it to work in."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.demo import run_demo


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as `stillwatch demo --out DIR` leaves it."""
    folder = tmp_path_factory.mktemp("demo") / "stillwatch-demo"
    run_demo(folder)
    return folder
