"""A fixture is read back as it was kept; the population of a scan is kept once."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.fixtures import FIXTURES, keep, path_of, read_fixture, read_kept
from tests.feedback.makers import harvest, measured, scan
from tests.feedback.test_packing import same
from tests.signals.makers import population


def test_a_fixture_is_read_back(tmp_path: Path) -> None:
    held = measured()
    keep(tmp_path, "F-0001", scan(), held)
    fixture = read_fixture(tmp_path, "F-0001")
    assert same(fixture.group, harvest()) and same(fixture.population, population())
    assert fixture.measured == held and fixture.scan.seed_id == scan().seed_id


def test_groups_of_one_scan_share_its_population(tmp_path: Path) -> None:
    for name in ("F-0001", "F-0002"):
        keep(tmp_path, name, scan(), measured())
    keep(tmp_path, "F-0003", scan(population(size=90)), measured())
    assert len(list((tmp_path / FIXTURES).glob("population-*.json"))) == 2
    read: dict = {}
    assert (
        read_fixture(tmp_path, "F-0001", read).population is read_fixture(tmp_path, "F-0002", read).population
    )


def test_a_missing_fixture_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="feedback retract F-0001"):
        read_kept(tmp_path, "F-0001")


def test_a_missing_population_is_told(tmp_path: Path) -> None:
    keep(tmp_path, "F-0001", scan(), measured())
    next((tmp_path / FIXTURES).glob("population-*")).unlink()
    with pytest.raises(FeedbackError, match="population of a fixture is missing"):
        read_fixture(tmp_path, "F-0001")


@pytest.mark.parametrize(
    ("change", "said"), [({"measured": 5}, "no fixture"), ({"version": 9}, "later version")]
)
def test_a_damaged_fixture_is_refused(tmp_path: Path, change: dict, said: str) -> None:
    path = keep(tmp_path, "F-0001", scan(), measured())
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | change))
    with pytest.raises(FeedbackError, match=said):
        read_kept(tmp_path, "F-0001")


def test_the_name_of_a_population_leads_nowhere_else(tmp_path: Path) -> None:
    path = keep(tmp_path, "F-0001", scan(), measured())
    held = orjson.loads(path.read_bytes())
    held["scan"]["population"] = "../../secret.json"
    path.write_bytes(orjson.dumps(held))
    with pytest.raises(FeedbackError, match=f"{FIXTURES}/secret.json: the population"):
        read_fixture(tmp_path, "F-0001")


def test_where_a_fixture_lies(tmp_path: Path) -> None:
    assert path_of(tmp_path, "F-0007") == tmp_path / FIXTURES / "F-0007.json"
