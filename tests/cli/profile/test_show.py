"""A profile is shown with its intervals; the shipped one where none is named; JSON is the file's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from stillwatch.cli.profile.show import MOST_SEGMENTS, told
from stillwatch.evidence.population.profile import from_json, shipped_profile, to_json, write_profile
from stillwatch.evidence.population.segments import Segment
from tests.evidence.population.makers import profile

Run = Callable[..., Any]


def test_the_shipped_profile_is_shown_where_none_is_named(stillwatch: Run) -> None:
    ran = stillwatch("profile", "show")
    assert ran.code == 0
    assert "benchmarks/fit_population.py" in ran.out
    assert all(name in ran.out for name in shipped_profile().estimates)


def test_every_figure_has_its_interval_and_what_it_rests_on() -> None:
    shown = told(profile())
    one = profile().estimates["workload_mix_concentration"]
    assert f"{one.low:.3g} to {one.high:.3g}" in shown
    assert f"{one.units:,.0f}" in shown


def test_json_is_the_profile_itself(stillwatch: Run, tmp_path: Path) -> None:
    write_profile(tmp_path / "p.json", profile())
    ran = stillwatch("profile", "show", tmp_path / "p.json", "--format", "json")
    assert ran.out == to_json(profile())
    assert from_json(ran.out) == from_json(to_json(profile()))


def test_of_many_segments_the_largest_are_shown_and_the_rest_is_counted() -> None:
    many = {f"segment {n:02}": Segment(100.0 + n, 1.0, 2.0, {}) for n in range(MOST_SEGMENTS + 3)}
    shown = told(profile(segments=many))
    assert "segment 14" in shown
    assert "segment 00" not in shown
    assert "3 more" in shown


def test_a_file_that_is_no_profile_is_told_in_one_line(stillwatch: Run, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("{}", encoding="utf-8")
    ran = stillwatch("profile", "show", tmp_path / "p.json")
    assert ran.code == 1
    assert "p.json" in ran.err
    assert "learn it anew" in ran.err
