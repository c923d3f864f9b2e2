"""One working database for the tests of what passes between accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stillwatch.engines import Session


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened
