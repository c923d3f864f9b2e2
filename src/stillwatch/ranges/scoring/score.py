"""Scores what a detector reported against what is true: every figure of `stillwatch range score`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stillwatch.campaigns.model import CONFIDENCES, Confidence
from stillwatch.ranges.scoring.calibration import Calibration, calibration
from stillwatch.ranges.scoring.campaigns import CampaignScore, ReportedScore, campaigns, reported
from stillwatch.ranges.scoring.campaigns import states as states_of
from stillwatch.ranges.scoring.database import MEMORY_MB, Database, ScoreInputError
from stillwatch.ranges.scoring.enforcement import Enforcement, enforcement, span_in_days
from stillwatch.ranges.scoring.groups import Group, by_kind, by_role, recall_of_busy, total
from stillwatch.ranges.scoring.inputs import Inputs, read_results, read_truth
from stillwatch.ranges.scoring.linking import Linking, linking
from stillwatch.ranges.scoring.natures import ACCUSES
from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.scoring.tallies import tally
from stillwatch.ranges.scoring.verdicts import VerdictRow, verdicts


@dataclass(frozen=True, slots=True)
class Score:
    """Everything counted. Shares carry exact 95 % intervals."""

    by_exchange: bool  # False: the detector names accounts only, all of whose exchanges count as attributed
    total: Group
    roles: tuple[Group, ...]
    kinds: tuple[Group, ...]
    busy_accounts: Share  # account recall among accounts with at least 20 campaign exchanges
    campaigns: tuple[CampaignScore, ...]
    reported: tuple[ReportedScore, ...]
    linking: Linking
    enforcement: Enforcement
    verdicts: tuple[VerdictRow, ...]
    calibration: Calibration
    unknown_accounts: int  # reported, but not in the truth
    unknown_exchanges: int  # attributed, but not in the truth

    @property
    def mixed_customers(self) -> Share:
        """Exchanges of honest customers of mixed accounts that were wrongly drawn into a campaign."""
        row = next((g for g in self.roles if g.name == "mixed"), None)
        return Share(0, 0) if row is None else row.wrongly_attributed

    @property
    def states(self) -> dict[str, int]:
        """True campaigns by state: found, split, merged, diluted, missed, and as other verdicts."""
        return states_of(self.campaigns)

    @property
    def false(self) -> int:
        """Accusing campaigns that are none."""
        return sum(r.wrong for r in self.reported if r.verdict == ACCUSES)


def score(
    results: Path,
    truth: Path,
    *,
    accounts: Path | None = None,
    confidence: Confidence = "suspected",
    days: float | None = None,
    memory_mb: int = MEMORY_MB,
) -> Score:
    """Compare a detector's results with the truth of its log.

    `results` is a scan's folder, another detector's, or one accounts file (see `inputs` for the least it must
    hold); `truth` the folder with `truth` and `truth_accounts`. `accounts`, by default the one beside the truth,
    tells wrong enforcements by plan, programme, verification and country, and names accounts without traffic.
    `confidence` is the least at which an accused account counts as enforced. `days` is the log's span; by default
    it is read from the exchanges beside the truth, or a scan's workloads. `memory_mb` bounds the working database.

    Raises ScoreInputError where a table or a column is missing, a word is unknown, or the truth is another log's.
    """
    if confidence not in CONFIDENCES:
        raise ScoreInputError(f"confidence {confidence!r} is none of {', '.join(CONFIDENCES)}")
    results, truth = Path(results), Path(truth)
    beside = accounts if accounts is not None else _accounts_beside(truth)
    with Database(memory_mb) as database:
        inputs = read_results(database, results)
        read_truth(database, truth, beside)
        unknown = tally(database, inputs, confidence)
        if days is None:
            days = span_in_days(database, results, truth)
        return _score(database, inputs, unknown, enforcement(database, confidence, days, beside is not None))


def _accounts_beside(truth: Path) -> Path | None:
    endings = ("parquet", "jsonl", "jsonl.zst", "jsonl.gz", "csv")
    return next((p for ending in endings if (p := truth / f"accounts.{ending}").is_file()), None)


def _score(database: Database, inputs: Inputs, unknown_accounts: int, enforced: Enforcement) -> Score:
    groups = reported(database)
    unknown = 0
    if inputs.by_exchange:
        known = "SELECT coalesce(sum(n), 0)::BIGINT FROM cells WHERE reported IS NOT NULL"
        unknown = database.value(f"SELECT (SELECT count(*) FROM attributed) - ({known})")
    return Score(
        by_exchange=inputs.by_exchange,
        total=total(database),
        roles=by_role(database),
        kinds=by_kind(database),
        busy_accounts=recall_of_busy(database),
        campaigns=campaigns(database),
        reported=groups,
        linking=linking(database),
        enforcement=enforced,
        verdicts=verdicts(database),
        calibration=calibration(database, groups, inputs.tested, inputs.has_evidence),
        unknown_accounts=unknown_accounts,
        unknown_exchanges=unknown,
    )
