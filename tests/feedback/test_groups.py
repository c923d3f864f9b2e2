"""What a scan records of its groups can be judged again to the same axes, and stays bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stillwatch.campaigns.judging import Finding, Outcome, judge
from stillwatch.campaigns.traffic import Traffic
from stillwatch.feedback import groups
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.groups import (
    KEPT,
    MOST_NEAR,
    Scanned,
    find_measured,
    key_of,
    known_seeds,
    measured_group,
    population_of,
    read_groups,
    record,
)
from stillwatch.settings import DetectionSettings
from stillwatch.sketches import Secret
from tests.campaigns.makers import accounts_table, names, traffic, work
from tests.feedback.makers import SEED, campaign, harvest, measured, recorded, scan
from tests.feedback.test_packing import same
from tests.signals.makers import population

SECRET = Secret.from_bytes(bytes(range(32)))
MEMBERS, OTHERS = names("a", 6), names("z", 40)


def scanned(held: Traffic, near: int = 2) -> Scanned:
    """A scan that named the first accounts, and came near naming others."""
    judged = judge(harvest(6), held.population)
    axes = {axis: value - 0.25 for axis, value in judged.axes.items()}  # what a second reading cost
    finding = Finding(replace(judged, axes=axes), "distillation_campaign", min(axes.values()), 1.0)
    innocent = tuple(judge(harvest(5 + i), held.population) for i in range(near))
    shown = campaign("C-1", MEMBERS, log10_e=finding.log10_e, axes=axes)
    return Scanned(held, Outcome((finding,), innocent, 9, 3, 1.5), (), (shown,))


def recording(state: Path, near: int = 2, org: object = None, weeks: Sequence[int] = (0,)) -> list[Path]:
    """Record a scan, or several whose data end so many weeks later; return their files."""
    table = accounts_table([*MEMBERS, *OTHERS], org_id=org) if org is not None else None
    made = []
    with traffic(work(MEMBERS, 8) + work(OTHERS, 2, 500), accounts=table) as held:
        for week in weeks:
            ends = held.population.ends + week * 7 * 86_400
            later = replace(held, population=replace(held.population, ends=ends))
            made.append(record(state, scanned(later, near), SECRET, DetectionSettings()))
    return made


def test_a_finding_comes_back_as_it_was_measured(tmp_path: Path) -> None:
    held_scan, groups_ = read_groups(recording(tmp_path)[0])
    found = groups_[0]
    assert (found.campaign_id, found.verdict, found.accounts) == ("C-1", "distillation_campaign", 6)
    assert same(measured_group(found, "x"), harvest(6))
    assert held_scan.seed_id == SECRET.id and held_scan.cut == 1.5


def test_judged_again_and_with_what_was_added_it_has_the_axes_that_it_had(tmp_path: Path) -> None:
    held_scan, groups_ = read_groups(recording(tmp_path)[0])
    population = population_of(held_scan.population, "x")
    for found in groups_:
        alone = judge(measured_group(found, "x"), population).axes
        assert {axis: value + found.added[axis] for axis, value in alone.items()} == pytest.approx(found.axes)
    assert groups_[0].added == pytest.approx(dict.fromkeys(groups_[0].axes, -0.25))


def test_near_findings_are_numbered_in_the_order_of_the_report_and_bounded(tmp_path: Path) -> None:
    found = read_groups(recording(tmp_path, near=MOST_NEAR + 3)[0])[1][1:]
    assert [g.campaign_id for g in found] == [f"near-{i + 1}" for i in range(MOST_NEAR)]
    coordination = [g.axes["coordination"] for g in found]
    assert coordination == sorted(coordination, reverse=True)
    assert all(g.verdict is None for g in found)


def test_each_axis_keeps_its_own_cut_or_what_it_reached_below_it() -> None:
    judged = judge(harvest(), population())
    finding = Finding(judged, "resale_pool", 1.0, 2.0, {"evasion": 1e3, "coordination": 0.5})
    assert groups._cuts(finding) == {"evasion": judged.axes["evasion"], "coordination": 0.5}
    bulk = Finding(judged, "bulk_extraction", 1.0, 0.25)
    assert groups._cuts(bulk) == {"extraction": min(0.25, judged.axes["extraction"])}


def test_equal_scans_leave_equal_bytes_and_one_file(tmp_path: Path) -> None:
    (first,) = recording(tmp_path)
    before = first.read_bytes()
    assert recording(tmp_path) == [first] and first.read_bytes() == before
    assert len(list(first.parent.iterdir())) == 1


def test_the_owners_are_the_declared_organisations_or_else_the_members_as_keyed_hashes(
    tmp_path: Path,
) -> None:
    def orgs(name: str) -> str | None:
        return {"a000": "acme", "a001": "acme", "a002": "other"}.get(name)

    (file,) = recording(tmp_path / "a", org=orgs)
    declared = read_groups(file)[1][0].owners
    members = read_groups(recording(tmp_path / "b")[0])[1][0].owners
    assert len(declared) == 2 and len(members) == 6
    text = file.read_text()
    assert "acme" not in text and "a000" not in text


def test_the_last_scans_are_kept_by_their_data_and_the_one_just_made_always(tmp_path: Path) -> None:
    made = recording(tmp_path, near=0, weeks=range(1, KEPT + 3))
    assert [path.exists() for path in made] == [False] * 2 + [True] * KEPT
    (old,) = recording(tmp_path, near=0)
    assert old.exists()


def test_a_group_is_found_by_what_the_results_say_of_it(tmp_path: Path) -> None:
    mine, other = measured(), measured(name="C-2")
    recorded(tmp_path, other, mine, name="20261101T000000Z-1")
    again = measured(cut=7.0)
    recorded(tmp_path, again, name="20261102T000000Z-2")
    found = find_measured(tmp_path, SEED, mine.key)
    assert found is not None and found[1] == again  # the latest scan that holds it
    assert find_measured(tmp_path, "another", mine.key) is None
    assert find_measured(tmp_path, SEED, key_of("C-1", "resale_pool", mine.axes)) is None
    assert known_seeds(tmp_path) == {SEED}


def test_a_near_finding_is_known_by_its_axes_whatever_its_number() -> None:
    assert key_of("near-1", None, {"evasion": 1.00001}) == key_of("near-3", None, {"evasion": 1.0})
    assert key_of("C-1", "resale_pool", {}) != key_of("C-2", "resale_pool", {})


def test_a_file_that_is_no_record_is_refused_with_the_fix(tmp_path: Path) -> None:
    path = recorded(tmp_path, measured())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FeedbackError, match="remove it"):
        read_groups(path)
    path.write_bytes(b"")
    with pytest.raises(FeedbackError):
        read_groups(path)


def test_the_population_comes_back(tmp_path: Path) -> None:
    assert population_of(scan().population, "x").size == 300
    with pytest.raises(FeedbackError, match=r"x\.loads"):
        population_of(scan().population | {"loads": np.pi}, "x")
