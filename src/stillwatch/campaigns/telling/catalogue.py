"""The catalogue of innocent readings: `readings.toml`, honest explanations and the rows that they predict."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One honest explanation; the fields are told at the head of the file."""

    slug: str
    title: str
    says: str
    explains: frozenset[str]
    shows: tuple[str, ...]
    check: tuple[str, ...]
    must: tuple[str, ...] = ()
    alone: bool | None = None

    def fits(self, accounts: int) -> bool:
        """Tell whether it is a reading of so many accounts."""
        return self.alone is None or self.alone == (accounts == 1)


def readings_table() -> str:
    """Return the readings as a table in Markdown, for the documentation."""
    rows = ["| reading | what it says | what to look up |", "|---|---|---|"]
    rows += [f"| {reading.title} | {reading.says} | {' '.join(reading.check)} |" for reading in catalogue()]
    return "\n".join(rows)


@cache
def catalogue() -> tuple[Reading, ...]:
    """Return the readings in the order of the file.

    Raises msgspec.ValidationError where the file does not hold what its head says.
    """
    text = files("stillwatch.campaigns.telling").joinpath("readings.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["reading"], tuple[Reading, ...])
