"""Generation: the wished-for campaign over the time of a log, by the same generator as every range."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from stillwatch.ranges.build import CHUNK, stage
from stillwatch.ranges.hashing import stream
from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.planting.profile import MICROS_A_DAY, Profile
from stillwatch.ranges.planting.wish import Wish, within
from stillwatch.ranges.render.exchanges import LOG_SCHEMA, TRUTH_SCHEMA, Renderer
from stillwatch.ranges.scenarios import Population
from stillwatch.ranges.traffic.plan import OK, Plan, joined
from stillwatch.ranges.traffic.scene import Part

_A_WEEKEND: Final = 2.0  # days from which on the days of the week matter


@dataclass(frozen=True)
class Generated:
    """A campaign as generated, ascending in time: n rows, their plan and truth, and who truly did what."""

    part: Part
    rows: pa.Table  # LOG_SCHEMA
    plan: Plan
    truth: pa.Table  # TRUTH_SCHEMA
    accounts: pa.Table
    truth_accounts: pa.Table
    refused_left_out: int  # refused requests, where the log holds none

    @property
    def harvests(self) -> list[str | None]:
        """Return what harvests each row: its campaign and kind; None for rows that harvest nothing."""
        told = (self.truth[name].to_pylist() for name in ("kind", "campaign", "capability"))
        return [
            f"{campaign or ''} {kind}" if campaign or capability else None
            for kind, campaign, capability in zip(*told, strict=True)
        ]


def generate(wish: Wish, profile: Profile) -> Generated:
    """Generate a campaign within the time of a log. Raises PlantError where nothing of it falls into it."""
    start = _start(profile)
    start_us = round(start.timestamp()) * 1_000_000
    days = (profile.last + 1 - start_us) / MICROS_A_DAY
    rng = np.random.default_rng(stream(wish.seed, "planting window"))
    part = within(wish.part(), (profile.first - start_us) / MICROS_A_DAY, days, rng)
    with tempfile.TemporaryDirectory() as folder:
        staged = stage(
            Population("planted", (part,), days), wish.seed, Path(folder), corpus=wish.corpus, start=start
        )
        plan = joined(*staged.spill.sorted())
    plan = plan[plan["time"] * 1e6 + start_us >= profile.first]
    refused = (plan["status"] != OK) & (profile.failures == 0)
    plan = plan[~refused]
    if not len(plan):
        raise PlantError(
            "nothing of the campaign falls into the log's time\n  fix: a larger --size, or another --seed"
        )
    renderer = Renderer(staged.scene, start_us)
    chunks = [plan[at : at + CHUNK] for at in range(0, len(plan), CHUNK)]
    return Generated(
        part=part,
        rows=pa.Table.from_batches([renderer.batch(c) for c in chunks], schema=LOG_SCHEMA),
        plan=plan,
        truth=pa.Table.from_batches([renderer.truth(c) for c in chunks], schema=TRUTH_SCHEMA),
        accounts=staged.accounts(),
        truth_accounts=staged.truth_accounts(),
        refused_left_out=int(refused.sum()),
    )


def _start(profile: Profile) -> datetime:
    """Return the midnight from which the scene counts: of the log's first day, or of the Monday before it."""
    first = datetime.fromtimestamp(profile.first // 1_000_000, UTC)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday() if profile.days >= _A_WEEKEND else 0)
