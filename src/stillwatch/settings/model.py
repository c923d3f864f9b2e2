"""What can be set, with its bounds and its default: frozen, strict, no unknown keys.

The descriptions and examples here are what `stillwatch config schema` publishes, what the configuration
page prints and what an error message offers as a fix; there is no second list to keep in step.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.functional_validators import AfterValidator

_UNITS = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
    "TIB": 2**40,
}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B|B)\s*", re.IGNORECASE)
SMALLEST_MEMORY_LIMIT = 10**9  # of which libraries and kernels take 0.4 GB


def bytes_of(size: str) -> int:
    """Return the number of bytes that a size such as `4GB` (10^9) or `512MiB` (2^20) names.

    Raises ValueError where `size` is not a number followed by B, KB, MB, GB, TB, KiB, MiB, GiB or TiB.
    """
    match = _SIZE.fullmatch(size)
    if match is None:
        raise ValueError(f"expected a size such as 4GB or 1500MiB, got {size!r}")
    return int(float(match[1]) * _UNITS[match[2].upper()])


def _memory(size: str) -> str:
    if bytes_of(size) < SMALLEST_MEMORY_LIMIT:
        raise ValueError(f"{size} is too little to work in; the least is 1GB, of which libraries take 0.4GB")
    return size


MemorySize = Annotated[str, AfterValidator(_memory)]


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class DetectionSettings(_Section):
    """How sure to be before anything is named."""

    false_discovery_rate: float = Field(default=0.05, gt=0, lt=1, examples=[0.05])
    """Share of the listed campaigns that may be wrong, in expectation: a number above 0 and below 1."""

    wrong_enforcements_per_million_account_months: float = Field(default=1.0, gt=0, le=10_000, examples=[1.0])
    """How many honest accounts may be proposed for enforcement by mistake, in expectation, for every million
    accounts watched for a month."""

    min_accounts: int = Field(default=5, ge=2, le=10_000, examples=[5])
    """Groups under this many accounts are named a campaign only where their identities contradict each other;
    otherwise they are `related_accounts`."""

    intents: bool = Field(default=True, examples=[True])
    """Whether requests are labelled by what they are after. Without it, capabilities rest on shape alone."""


class TextSettings(_Section):
    """What happens to prompts and answers after they have been turned into keyed numbers."""

    retention_days: int = Field(default=0, ge=0, le=3650, examples=[0])
    """Days that text may be kept in `run.state_dir`, to show the skeletons of workloads. 0 keeps none."""


class InputSettings(_Section):
    """How logs are read."""

    reader: str | None = Field(default=None, examples=["litellm"])
    """Name of the log format. Without it each file is recognised by its content."""

    mapping: dict[str, str] = Field(default_factory=dict, examples=[{"account_id": "request.user"}])
    """Canonical field ► path in the source's line, for fields that stand elsewhere; as `--map FIELD=PATH`."""

    constants: dict[str, str] = Field(default_factory=dict, examples=[{"platform": "gateway:edge"}])
    """Canonical field ► value, for fields that are the same in every line; as `--set FIELD=VALUE`."""

    max_document_mb: int = Field(default=64, ge=1, le=4096, examples=[64])
    """Longest line or JSON value that is read, in MB; a longer one is a dead letter."""

    max_rejected_share: float = Field(default=0.05, ge=0, le=1, examples=[0.05])
    """Share of rows that may be dead letters before the exit code is 4. Results are written all the same."""

    batch_rows: int = Field(default=8192, ge=64, le=1_000_000, examples=[8192])
    """Exchanges read at a time: less needs less memory, more is a little faster."""


class RunSettings(_Section):
    """What the machine may be asked for."""

    memory_limit: MemorySize = Field(default="4GB", examples=["4GB"])
    """Physical memory that the whole process may hold while it scans: libraries, batches, kernels, the engine and
    what is fetched from it. What does not fit spills to `temp_dir`. A size such as 4GB or 1500MiB, at least 1GB."""

    threads: int | None = Field(default=None, ge=1, le=1024, examples=[4])
    """Threads to use; without it, one for every core."""

    temp_dir: Path | None = Field(default=None, examples=["/var/tmp/stillwatch"])
    """Where to spill; without it, the system's temporary directory."""

    secret_file: Path | None = Field(default=None, examples=["${STILLWATCH_SECRET_FILE}"])
    """The deployment's secret, from which all keys of hashes are derived; as `--secret`. Made where
    absent."""

    state_dir: Path | None = Field(default=None, examples=["/var/lib/stillwatch"])
    """What one scan leaves for the next, such as the identity of campaigns; as `--state`."""

    @property
    def memory_limit_bytes(self) -> int:
        """The memory limit as a number of bytes."""
        return bytes_of(self.memory_limit)


class OutputSettings(_Section):
    """What is shown and what the exit code says."""

    format: Literal["table", "json"] = Field(default="table", examples=["table"])
    """What standard output carries: a table for people, or the campaigns as JSON."""

    fail_on: Literal["suspected", "consistent_with", "likely", "high"] | None = Field(
        default=None, examples=["likely"]
    )
    """Leave with exit code 3 where a campaign reaches this confidence."""


class Settings(_Section):
    """All settings of a scan. `Settings()` is the default of everything."""

    detection: DetectionSettings = Field(default_factory=DetectionSettings)
    text: TextSettings = Field(default_factory=TextSettings)
    input: InputSettings = Field(default_factory=InputSettings)
    run: RunSettings = Field(default_factory=RunSettings)
    output: OutputSettings = Field(default_factory=OutputSettings)
