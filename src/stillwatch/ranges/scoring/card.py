"""How separable a range is: simple detectors, and a scan if there is one, side by side, for the benchmark card.

A range that a baseline solves proves nothing about a scan. Each detector is told at its own threshold and where it
flags the same share of honest accounts as the others.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stillwatch.ranges.scoring.baselines import BASELINES, run_baseline
from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
from stillwatch.ranges.scoring.database import ScoreInputError
from stillwatch.ranges.scoring.score import Score, score
from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.scoring.thresholds import EqualRate, at_equal_false_positives

SCAN = "stillwatch scan"
RATE = 0.01  # of honest accounts


@dataclass(frozen=True, slots=True)
class Row:
    """One detector on one range. `note` says why, where it was not run."""

    detector: str
    score: Score | None
    equal: EqualRate | None  # None where it ranks nothing
    seconds: float | None  # None for results that were made elsewhere
    note: str = ""

    @property
    def campaigns_found(self) -> Share:
        """Campaigns found, split ones too, of all there are."""
        states = {} if self.score is None else self.score.states
        return Share(states.get("found", 0) + states.get("split", 0), sum(states.values()))


def separability(
    log: Path,
    *,
    results: Path | None = None,
    rate: float = RATE,
    baselines: Iterable[str] = tuple(BASELINES),
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Row]:
    """Run the baselines over a range's folder (exchanges, accounts, truth) and score each; the scan's row first.

    `results` is a scan's folder over the same log; `rate` the share of honest accounts at which all are compared;
    `options` go to the baselines by name. A baseline whose extra is not installed is a row with a note.
    Raises ScoreInputError where the folder is incomplete.
    """
    log = Path(log)
    rows = [] if results is None else [_row(SCAN, Path(results), log, rate, None)]
    with tempfile.TemporaryDirectory(prefix="stillwatch-card-") as folder:
        for name in baselines:
            begin = time.perf_counter()
            try:
                run_baseline(name, log, Path(folder) / name, **(options or {}).get(name, {}))
            except MissingExtraError as error:
                rows.append(Row(name, None, None, None, str(error)))
                continue
            rows.append(_row(name, Path(folder) / name, log, rate, time.perf_counter() - begin))
    return rows


def markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, with what its columns mean below."""
    rate = next((row.equal.rate for row in rows if row.equal is not None), RATE)
    head = [
        "detector",
        "accounts found",
        "rightly accused",
        "honest accused",
        "campaigns found",
        "false campaigns",
    ]
    head += [f"accounts found at {rate:.2%}", f"campaigns at {rate:.2%}"]
    lines = [_line(head), _line(["---", *["--:"] * (len(head) - 1)])]
    lines += [_line(_cells(row)) for row in rows]
    lines += [
        "",
        f"The last two columns set every threshold where at most {rate:.2%} of the honest accounts are flagged; "
        "there a campaign counts as found if half of its accounts are.",
    ]
    lines += [f"{row.detector}: {row.note}" for row in rows if row.note]
    return "\n".join(lines) + "\n"


def _row(name: str, results: Path, log: Path, rate: float, seconds: float | None) -> Row:
    try:
        equal = at_equal_false_positives(results, log, rate)
    except ScoreInputError:  # another detector's results need not rank anything
        equal = None
    return Row(name, score(results, log), equal, seconds)


def _cells(row: Row) -> list[str]:
    if row.score is None:
        return [f"`{row.detector}`", *["not run"] * 7]
    wrong = row.score.enforcement.wrong
    equal = ["–", "–"] if row.equal is None else [str(row.equal.accounts), _of(row.equal.campaigns)]
    return [
        f"`{row.detector}`",
        str(row.score.total.account_recall),
        str(row.score.total.account_precision),
        f"{wrong.hits:,} of {wrong.of:,}",
        _of(row.campaigns_found),
        str(row.score.false),
        *equal,
    ]


def _of(share: Share) -> str:
    return f"{share.hits} of {share.of}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
