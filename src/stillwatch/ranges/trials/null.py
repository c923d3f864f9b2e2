"""The promise of the dial: logs without a campaign, scanned; how often is one reported all the same?

Each seed is one log of the `benign` scenario, every hard negative and nothing else, and each scan runs in a process
of its own. On such a log every `distillation_campaign` is false. What the dial bounds is the expected share of
false campaigns among those reported: here 1 if any is reported and 0 if none, so the share of logs with one
estimates it. Its interval is Clopper and Pearson's, 95 %.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stillwatch.ranges.scenarios import scenario
from stillwatch.ranges.scoring import Score, score
from stillwatch.ranges.scoring.natures import INNOCENT
from stillwatch.ranges.scoring.null_logs import NullLogs, null_logs
from stillwatch.ranges.scoring.record import record
from stillwatch.ranges.scoring.show import columns
from stillwatch.ranges.trials.processes import apart
from stillwatch.ranges.trials.trial import run_trial
from stillwatch.settings import Settings

SCENARIO: Final = "benign"


@dataclass(frozen=True)
class NullJob:
    """What one log is made of and scanned with."""

    seed: int
    scale: float
    corpus: Path | None = None
    settings: Settings = field(default_factory=Settings)
    accounts_table: bool = True


@dataclass(frozen=True, slots=True)
class NullLog:
    """What a scan reported on one log without a campaign."""

    seed: int
    exchanges: int
    accounts: int
    seconds: float  # of the scan
    score: Score

    @property
    def reported(self) -> dict[str, int]:
        """Campaigns reported, by verdict."""
        return dict(Counter(r.verdict for r in self.score.reported).most_common())

    @property
    def kinds(self) -> dict[str, dict[str, int]]:
        """Accounts named, by verdict and by what they truly are; an account counts for its gravest verdict."""
        return _kinds([self.score])


@dataclass(frozen=True, slots=True)
class NullTrial:
    """All logs summed up."""

    promise: NullLogs
    exchanges: int
    reported: dict[str, int]  # campaigns, by verdict
    kinds: dict[str, dict[str, int]]  # accounts named, by verdict and by what they truly are


def null_trial(
    seeds: Iterable[int],
    scale: float,
    *,
    corpus: Path | None = None,
    settings: Settings | None = None,
    accounts_table: bool = True,
    at_once: int = 1,
) -> Iterator[NullLog]:
    """Yield what is reported on the log of each seed, as scans finish, `at_once` of them side by side."""
    jobs = [NullJob(seed, scale, corpus, settings or Settings(), accounts_table) for seed in seeds]
    return apart(null_log, jobs, at_once)


def null_log(job: NullJob) -> NullLog:
    """Build the log of one seed, scan it, and score what was reported."""
    with tempfile.TemporaryDirectory(dir=job.settings.run.temp_dir, prefix="stillwatch-null-") as folder:
        made = run_trial(
            scenario(SCENARIO, job.scale), job.seed, Path(folder),
            corpus=job.corpus, settings=job.settings, accounts_table=job.accounts_table,
        )  # fmt: skip
        found = score(made.results, made.log)
    return NullLog(job.seed, made.exchanges, made.accounts, made.seconds_scanning, found)


def summed(logs: Sequence[NullLog], dial: float) -> NullTrial:
    """Sum up the logs against the false-discovery rate `dial` that their scans promised."""
    reported: Counter[str] = Counter()
    for log in logs:
        reported.update(log.reported)
    scores = [log.score for log in logs]
    return NullTrial(
        null_logs(scores, dial),
        sum(log.exchanges for log in logs),
        dict(reported.most_common()),
        _kinds(scores),
    )


def as_record(trial: NullTrial, logs: Sequence[NullLog]) -> dict[str, Any]:
    """Return the trial in JSON's types, with a short row for each seed."""
    by_seed = [
        {
            "seed": log.seed, "exchanges": log.exchanges, "accounts": log.accounts, "seconds": log.seconds,
            "reported": log.reported, "kinds": log.kinds, "false_campaigns": log.score.false,
        }
        for log in sorted(logs, key=lambda log: log.seed)
    ]  # fmt: skip
    return {**record(trial), "by_seed": by_seed}


def show(trial: NullTrial) -> str:
    """Return the trial as text for a person."""
    promise = trial.promise
    low, high = promise.with_false.interval
    held = "holds" if promise.within_dial else "is CONTRADICTED"
    lines = [
        f"logs without a campaign   {promise.with_false.of:,}, {trial.exchanges:,} exchanges in all",
        f"with a false campaign     {promise.with_false.hits:,}: false-discovery proportion {promise.with_false}"
        f" ({low:.1%} to {high:.1%} at 95 %)",
        f"the dial promises         at most {promise.dial:.1%}: the promise {held}",
        f"accounts wrongly accused  {promise.wrong.hits:,} of {promise.wrong.of:,}{_months(promise)}",
        "campaigns reported        " + (_listed(trial.reported) or "none"),
    ]
    rows = [
        [kind, verdict, f"{n:,}"] for verdict, counted in trial.kinds.items() for kind, n in counted.items()
    ]
    named = columns(["honest kind", "named as", "accounts"], rows, left=2) if rows else ""
    return "\n".join(lines) + (f"\n\n{named}" if named else "")


def _months(promise: NullLogs) -> str:
    if promise.per_million is None or promise.per_million_at_most is None:
        return ""
    most = f"at most {promise.per_million_at_most:,.0f} at 95 %"
    return f"; {promise.per_million:,.0f} per million account-months, {most}"


def _listed(counted: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in counted.items())


def _kinds(scores: Iterable[Score]) -> dict[str, dict[str, int]]:
    kinds: dict[str, Counter[str]] = {}
    for each in scores:
        for row in each.verdicts:
            for verdict, n in row.verdicts.items():
                if verdict != INNOCENT:
                    kinds.setdefault(verdict, Counter())[row.kind] += n
    return {verdict: dict(counted.most_common()) for verdict, counted in kinds.items()}
