"""One small trial, built and scanned once."""

from __future__ import annotations

import pytest

from stillwatch.ranges.trials.trial import Trial, run_trial
from tests.ranges.trials.makers import small


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return run_trial(small(), 3, tmp_path_factory.mktemp("trial"))
