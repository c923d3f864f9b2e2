"""Reads a log once for `stillwatch doctor` and counts what it carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stillwatch.campaigns.model import FieldCoverage
from stillwatch.cli.coverage import Silence
from stillwatch.cli.terminal import StageProgress
from stillwatch.settings import Settings


@dataclass(frozen=True, slots=True)
class LogCoverage:
    """What was read, how often each field is present (0..1), and what the gaps cost."""

    exchanges: int
    accounts: int
    rejected: int
    duplicates: int
    fields: tuple[FieldCoverage, ...]
    silent: tuple[Silence, ...]


def log_coverage(
    logs: list[str], accounts: Path | None, settings: Settings, progress: StageProgress
) -> LogCoverage:
    raise NotImplementedError
