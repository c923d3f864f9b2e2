"""The evasion ladder climbed: each step built, scanned, scored and priced; finished steps are kept and used again.

A step's campaign is found if at least half of its exchanges lie in accusing campaigns that are mostly its own. Rungs 0
and 1 are one account, which no detector of coordination accuses: there `bulk_extraction` counts as found too.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from stillwatch.ranges.scenarios.costs import bill
from stillwatch.ranges.scenarios.ladder import NAME, Step, ladder
from stillwatch.ranges.scoring import score
from stillwatch.ranges.scoring.card import RATE, separability
from stillwatch.ranges.scoring.natures import ACCUSES
from stillwatch.ranges.trials.holding import held_by
from stillwatch.ranges.trials.processes import apart
from stillwatch.ranges.trials.trial import run_trial
from stillwatch.settings import Settings
from stillwatch.version import __version__

MIXED: Final = (6, 7, 8)  # rungs at which the share of harvest in the pool's traffic plays a part
ALONE: Final = (0, 1)  # rungs of a single account
LONE_VERDICT: Final = "bulk_extraction"


@dataclass(frozen=True)
class Row:
    """One step with one seed: what was hidden, what was found of it, and what it cost."""

    name: str
    level: int
    accounts: int  # as asked; the rungs of one account and of one-shot accounts have others
    each: int
    share: float | None  # of harvest in the pool's traffic; None where customers play no part
    background: int
    seed: int
    exchanges: int  # of the log
    harvested: int  # of the campaign
    attributed: int  # of those, in accusing campaigns
    holding: int  # exchanges of the accusing campaigns that hold it
    holding_own: int  # of those, its own
    workers: int  # accounts of the campaign
    accused: int  # of those
    found: bool
    verdict: str  # given to most of the campaign's accounts
    false_campaigns: int
    cost: float  # US dollars
    cost_per_thousand: float  # useful exchanges
    cost_multiple: float  # of the cost per thousand at rung 0
    seconds: float  # of the scan
    baselines: dict[str, float | None] = field(
        default_factory=dict
    )  # account recall at equal false positives

    @property
    def recall(self) -> float:
        """Share of the harvested exchanges that are attributed, 0..1."""
        return self.attributed / self.harvested if self.harvested else 0.0

    @property
    def precision(self) -> float | None:
        """Share of the campaign in what holds it, 0..1; None where nothing does."""
        return self.holding_own / self.holding if self.holding else None

    @property
    def accounts_found(self) -> float:
        """Share of the campaign's accounts that are accused, 0..1."""
        return self.accused / self.workers if self.workers else 0.0


@dataclass(frozen=True)
class LadderJob:
    """What one row is made of, and where it is kept."""

    step: Step
    seed: int
    folder: Path
    settings: Settings = field(default_factory=Settings)
    corpus: Path | None = None
    baselines: bool = False

    @property
    def file(self) -> Path:
        """Where the finished row lies."""
        mixed = f"-s{self.step.share:g}" if self.step.level in MIXED else ""
        size = f"{self.step.accounts}x{self.step.each}"
        return (
            self.folder
            / "steps"
            / f"L{self.step.level}-{size}{mixed}-b{self.step.background}-seed{self.seed}.json"
        )

    @property
    def made_with(self) -> dict[str, str | None]:
        """What another row must agree in to stand for this one."""
        settings = hashlib.sha256(self.settings.model_dump_json().encode()).hexdigest()[:16]
        return {
            "version": __version__,
            "settings": settings,
            "corpus": self.corpus.name if self.corpus else None,
        }


def steps(
    levels: Sequence[int],
    sizes: Sequence[tuple[int, int]],
    shares: Sequence[float],
    backgrounds: Sequence[int],
) -> list[Step]:
    """Return every step: size by size and rung by rung; shares only where customers play a part."""
    return [
        Step(level, accounts, each, share, background)
        for background in backgrounds
        for accounts, each in sizes
        for level in levels
        for share in (shares if level in MIXED else (1.0,))
    ]


def climb(jobs: Sequence[LadderJob], at_once: int = 1) -> Iterator[tuple[Row, bool]]:
    """Yield each job's row and whether it was there already: first those, then the others as they finish."""
    missing = []
    for job in jobs:
        kept = read_row(job)
        if kept is None:
            missing.append(job)
        else:
            yield kept, True
    for row in apart(run_step, missing, at_once):
        yield row, False


def run_step(job: LadderJob) -> Row:
    """Build, scan and score one step, and keep its row in `job.file`, whole or not at all."""
    with tempfile.TemporaryDirectory(dir=job.settings.run.temp_dir, prefix="stillwatch-ladder-") as folder:
        made = run_trial(
            ladder(job.step), job.seed, Path(folder), corpus=job.corpus, settings=job.settings
        )  # fmt: skip
        verdicts = (ACCUSES, LONE_VERDICT) if job.step.level in ALONE else (ACCUSES,)
        held = held_by(made.results, made.log, NAME, verdicts)
        false = score(made.results, made.log).false
        baselines = _baselines(made.log) if job.baselines else {}
    cost, start = bill(job.step), bill(Step(0, job.step.accounts, job.step.each))
    row = Row(
        name=job.step.name, level=job.step.level, accounts=job.step.accounts, each=job.step.each,
        share=job.step.share if job.step.level in MIXED else None, background=job.step.background, seed=job.seed,
        exchanges=made.exchanges, **asdict(held), false_campaigns=false,
        cost=cost.total, cost_per_thousand=cost.per_thousand, cost_multiple=cost.per_thousand / start.per_thousand,
        seconds=made.seconds_scanning, baselines=baselines,
    )  # fmt: skip
    _keep(row, job)
    return row


def read_row(job: LadderJob) -> Row | None:
    """Return the row that an earlier run kept for the same job; None where it is absent or of another make."""
    try:
        kept = json.loads(job.file.read_text(encoding="utf-8"))
        row = Row(**kept["row"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if kept.get("made_with") != job.made_with or (job.baselines and not row.baselines):
        return None
    return row


def record(row: Row) -> dict[str, Any]:
    """Return a row in JSON's types, with what is derived from its counts."""
    found = {f.name: getattr(row, f.name) for f in fields(row)}
    return found | {name: getattr(row, name) for name in ("recall", "precision", "accounts_found")}


def _keep(row: Row, job: LadderJob) -> None:
    job.file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"made_with": job.made_with, "row": asdict(row)}, indent=2) + "\n"
    unfinished = job.file.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(job.file)


def _baselines(log: Path) -> dict[str, float | None]:
    """Return each baseline's recall of the campaign's accounts where RATE of the honest accounts are flagged."""
    rows = separability(log, rate=RATE)
    return {row.detector: None if row.equal is None else row.equal.accounts.share for row in rows}
