"""The population profile: what honest traffic of a deployment is like, learned, kept and handed on.

Not to be taken for the reference profiles of shape and of what is sought (`evidence/profile.py`), which are counted on
labelled traffic and shipped; this one is learned from unlabelled traffic, and only starts from a shipped one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from stillwatch.evidence.population.betabinomial import Rate
from stillwatch.evidence.population.prevalence import Prevalence
from stillwatch.evidence.population.rhythm import Rhythm
from stillwatch.evidence.population.robust import QUANTILE, Estimate
from stillwatch.evidence.population.segments import Segment

VERSION: Final = 1
FILE: Final = "profile.json"  # in the state folder
DIGITS: Final = 9  # significant ones, so that the same profile is the same bytes

# Names of estimates: concentrations, which say how alike the users of one thing are.
LOADS: Final = "load_concentration"
WORKLOADS: Final = "workload_mix_concentration"
KINDS: Final = "kind_mix_concentration"


class ProfileError(ValueError):
    """A file is not a population profile of this version; the message names file, field and what to do."""


@dataclass(frozen=True)
class PopulationProfile:
    """What honest accounts are like. `until` is the last event it was learned from, in epoch seconds."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    source: str
    accounts: float
    until: float
    estimates: Mapping[str, Estimate]
    rates: Mapping[str, Rate] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    prevalence: Mapping[str, Prevalence] = field(default_factory=dict)
    rhythm: Rhythm | None = None
    version: int = VERSION

    def careful(self, name: str, otherwise: float) -> float:
        """Return the upper end of an estimate's interval; `otherwise` where it was not learned."""
        estimate = self.estimates.get(name)
        return otherwise if estimate is None else estimate.high

    def estimate(self, name: str) -> Estimate:
        """Return an estimate of a concentration; a wide one where it was not learned."""
        return self.estimates.get(name, UNKNOWN)


# As likely 1 as 100, and one honest group in a hundred beyond a thousand: next to nothing is claimed of it.
UNKNOWN: Final = Estimate(
    "log", middle=2.3, spread=2.0, level=2.3 + 2.0 * QUANTILE, below=1.0, above=1.0, units=1.0
)
_ADAPTER: TypeAdapter[PopulationProfile] = TypeAdapter(PopulationProfile)


def profile_schema() -> dict[str, Any]:
    """Return the JSON schema of a profile file."""
    return _ADAPTER.json_schema()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in sorted(value.items())}
    return [_rounded(each) for each in value] if isinstance(value, (list, tuple)) else value


def to_json(profile: PopulationProfile) -> str:
    """Return a profile as JSON: keys sorted, `DIGITS` digits, a line feed at the end."""
    return json.dumps(_rounded(_ADAPTER.dump_python(profile)), indent=1, ensure_ascii=False) + "\n"


def from_json(text: str | bytes, name: str = "profile") -> PopulationProfile:
    """Return the profile of a JSON text; ProfileError, saying what is wrong in `name`, where it is none."""
    try:
        profile = _ADAPTER.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ProfileError(
            f"{name}: {where}: {first['msg']}; learn it anew: stillwatch profile learn"
        ) from None
    if profile.version != VERSION:
        raise ProfileError(
            f"{name}: version: expected {VERSION}, found {profile.version}; learn it anew: stillwatch profile learn"
        )
    return profile


def read_profile(path: Path) -> PopulationProfile | None:
    """Return the profile in a file, or in the state folder `path`; None where there is none."""
    file = path / FILE if path.is_dir() else path
    return from_json(file.read_bytes(), str(file)) if file.exists() else None


def write_profile(path: Path, profile: PopulationProfile) -> None:
    """Write a profile to a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(to_json(profile), encoding="utf-8")
    partial.replace(path)


@cache
def shipped_profile() -> PopulationProfile:
    """Return the profile a deployment starts from, learned on simulated honest traffic."""
    text = files("stillwatch.evidence.population").joinpath("shipped_profile.json").read_bytes()
    return from_json(text, "the shipped profile")
