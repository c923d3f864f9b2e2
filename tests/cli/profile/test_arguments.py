"""A profile is found in a file or a state folder; where there is none, the reader is told who makes one."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from stillwatch.cli.profile.arguments import profile_at
from stillwatch.evidence.population.profile import FILE, write_profile
from tests.evidence.population.makers import profile


def test_a_file_and_its_folder_are_the_same_profile(tmp_path: Path) -> None:
    write_profile(tmp_path / FILE, profile())
    assert profile_at(tmp_path, "OLD") == profile_at(tmp_path / FILE, "OLD")


def test_where_none_is_the_reader_is_told_who_makes_one(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="stillwatch profile learn"):
        profile_at(tmp_path, "OLD")
