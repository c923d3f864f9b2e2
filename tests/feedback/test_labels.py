"""Labels are in force only inside a scan of their state, and are refused rather than misread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from stillwatch.evidence.profile import shape_profile, shipped_sought_profile, sought_profile
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.labels import LABELS, Labels, priors, read_labels, write_labels


def labels(**said: Any) -> Labels:
    plain: dict[str, Any] = {
        "honest": {"clear": {"vision": 3}, "leaning": {}, "single": {}, "shared": {"10": 2}},
        "campaigns": {},
        "labels": 5,
        "entries": ["F-0001"],
        "applied_by": "carol",
        "because": "reviewed",
        "applied": "2026-11-20T12:00:00+00:00",
        "marks": 11,
    }
    return Labels(**plain | said)


def test_without_a_file_nothing_is_in_force(tmp_path: Path) -> None:
    for state in (tmp_path, None):
        with priors(state) as held:
            assert held is None and sought_profile() is shipped_sought_profile()


def test_inside_the_block_they_are_in_force_and_after_it_no_longer(tmp_path: Path) -> None:
    write_labels(tmp_path, labels())
    with pytest.raises(RuntimeError), priors(tmp_path) as held:
        assert held == labels()
        assert sought_profile().log10_ratio("vision", clearly=True) < (
            shipped_sought_profile().log10_ratio("vision", clearly=True)
        )
        assert shape_profile().honest_share(10, shared=True) > 0.001
        raise RuntimeError
    assert sought_profile() is shipped_sought_profile()


def test_a_report_says_how_many_and_by_whom() -> None:
    assert labels().told == "priors calibrated by 5 labels, applied by carol on 2026-11-20"
    assert "by 1 label," in labels(labels=1).told
    assert labels().facts["told"] == labels().told and labels().facts["entries"] == ["F-0001"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"marks": 12}, "12 places"),
        ({"version": 2}, "later version"),
        ({"honest": {"clear": {"astrology": 1}}}, "unknown places"),
        ({"honest": {"moods": {"vision": 1}}}, "moods"),
        ({"campaigns": {"single": {"11": 1}}}, "unknown places"),
        ({"campaigns": {"single": {"1": -1}}}, "below none"),
        ({"honest": {"clear": {"vision": 0.5}}}, "feedback calibrate"),
        ({"labels": None}, "feedback calibrate"),
    ],
)
def test_what_does_not_fit_stops_the_scan_with_the_fix(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    held = msgspec.to_builtins(labels()) | change
    (tmp_path / LABELS).write_bytes(orjson.dumps(held))
    with pytest.raises(FeedbackError, match=said):
        read_labels(tmp_path)


def test_labels_can_set_nothing_but_counts_of_kinds() -> None:
    told = {
        "honest",
        "campaigns",
        "labels",
        "entries",
        "applied_by",
        "because",
        "applied",
        "marks",
        "version",
    }
    assert set(Labels.__struct_fields__) == told
