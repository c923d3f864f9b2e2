"""Where a population profile lies, for the commands of `stillwatch profile`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from stillwatch.evidence.population.profile import PopulationProfile


def profile_at(path: Path, named: str) -> PopulationProfile:
    """Return the profile in a file, or in a state folder. Raises typer.BadParameter where there is none."""
    from stillwatch.evidence.population.profile import read_profile

    found = read_profile(path)
    if found is None:
        raise typer.BadParameter(
            f"{path}: no profile is there; a scan with --state, or `stillwatch profile learn`, makes one",
            param_hint=named,
        )
    return found
