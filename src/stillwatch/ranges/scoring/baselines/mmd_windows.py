"""Baseline `mmd_windows`: an account's prompts are not distributed as everybody's are.

After arXiv 2606.05725: the last user turns of a window of an account (up to 1,500 exchanges, at least 50) are
embedded and held against 20 draws of benign traffic by the unbiased MMD² over four Gaussian kernels; the score is
the mean over the draws. Three things differ. The embedding is static (wordllama, 256 numbers, 512 characters of
a text) instead of bge-small. The draws come from a benign log if one is given, else from the log itself, which
then holds some of what is sought. And the paper's threshold, the 95 % quantile of benign draws against benign
draws, is one for a draw of everybody's traffic: honest accounts differ from the mixture far more than a draw of
it does, so it flags most of them. Here the threshold is set over accounts, so that `false_positive_rate` is met:
with a benign log by conformal p-values over its accounts, else by flagging at most that share of all accounts.
The share that the paper's own threshold would flag is told in the parameters, as `flagged_by_draws`.

Accounts with fewer exchanges are not scored. All flagged are one campaign, or one each with `together=False`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.ranges.scoring.baselines.embeddings import CHARACTERS, Embedder
from stillwatch.ranges.scoring.baselines.mmd import Rows, discrepancy, median_scale, within
from stillwatch.ranges.scoring.baselines.result import (
    LAST_USER,
    MESSAGES,
    BaselineResult,
    Files,
    accuse,
    listed,
    together_or_apart,
)
from stillwatch.ranges.scoring.database import Database, ScoreInputError
from stillwatch.ranges.scoring.thresholds import least_threshold

NAME = "mmd_windows"
NULL_DRAWS = 40  # benign draws against the references, for the paper's own threshold
_COLUMNS = {"exchange_id": "VARCHAR", "account_id": "VARCHAR", "messages": MESSAGES}

Embed = Callable[[Sequence[str]], Rows]


@dataclass(frozen=True, slots=True)
class Protocol:
    """The sizes of the test."""

    window: int = 1500  # exchanges of an account at most
    least: int = 50  # exchanges below which an account is not scored
    draws: int = 20  # of benign traffic
    draw_size: int = 500  # exchanges a draw


@dataclass(frozen=True, slots=True)
class _References:
    draws: list[Rows]
    within: list[float]
    scale: float
    draw_threshold: float  # 95 % of benign draws stay below it

    def score(self, rows: Rows) -> float:
        return discrepancy(rows, self.draws, self.within, self.scale)


def detect(
    exchanges: Files,
    accounts: Path | None = None,
    *,
    false_positive_rate: float = 0.01,
    benign: Files | None = None,
    together: bool = True,
    protocol: Protocol | None = None,
    embed: Embed | None = None,
) -> BaselineResult:
    """Score the accounts of a log and flag those beyond the calibrated threshold.

    `benign` names the exchanges of a log known to be honest. `embed` replaces the embedding: texts in, rows out.
    Raises MissingExtraError where wordllama is not installed, ScoreInputError where a log is too small for a draw.
    """
    sizes, made = protocol or Protocol(), embed or Embedder()
    references = _references(listed(exchanges if benign is None else benign), sizes, made)
    ids, scores = _scores(listed(exchanges), sizes, made, references)
    if benign is None:
        threshold = least_threshold(scores, math.floor(false_positive_rate * len(scores)))
    else:
        _ids, known = _scores(listed(benign), sizes, made, references)
        allowed = (
            math.floor(false_positive_rate * (len(known) + 1)) - 1
        )  # conformal p-values at most the rate
        threshold = least_threshold(known, allowed) if allowed >= 0 else math.inf
    told = {
        "false_positive_rate": false_positive_rate,
        "benign_log": benign is not None,
        "together": together,
        "scored_accounts": len(ids),
        "flagged_by_draws": float(np.mean(scores > references.draw_threshold)) if len(scores) else None,
    } | {name: getattr(sizes, name) for name in ("window", "least", "draws", "draw_size")}
    flagged = together_or_apart(scores > threshold, together)
    return accuse(NAME, pa.array(ids, pa.string()), scores, flagged, told)


def _references(files: list[Path], sizes: Protocol, embed: Embed) -> _References:
    """Draw benign traffic: exchanges at random, each draw its own where there are enough."""
    wanted = (sizes.draws + NULL_DRAWS // 4) * sizes.draw_size
    with Database() as database:
        database.view("log", files, _COLUMNS, required=("exchange_id", "account_id", "messages"))
        # md5 orders exchanges at random, and alike everywhere
        table = database.arrow(f"""
            SELECT left({LAST_USER}, {CHARACTERS}) AS words FROM log WHERE {LAST_USER} IS NOT NULL
            ORDER BY md5(exchange_id) LIMIT {wanted}""")
    if len(table) < 2 * sizes.least:
        raise ScoreInputError(f"{files[0]}: {len(table)} exchanges with a user turn are too few to draw from")
    pool = embed(table["words"].to_pylist())
    random = np.random.default_rng(0)
    size = min(sizes.draw_size, len(pool) // 2)
    picks = [random.choice(len(pool), size, replace=False) for _ in range(sizes.draws + NULL_DRAWS)]
    if len(pool) >= sizes.draws * size:
        picks[: sizes.draws] = np.split(random.permutation(len(pool))[: sizes.draws * size], sizes.draws)
    draws = [pool[pick] for pick in picks]
    scale = median_scale(pool[:1000])
    chosen, inner = draws[: sizes.draws], [within(draw, scale) for draw in draws[: sizes.draws]]
    null = [discrepancy(draw, chosen, inner, scale) for draw in draws[sizes.draws :]]
    return _References(chosen, inner, scale, float(np.quantile(null, 0.95)))


def _scores(
    files: list[Path], sizes: Protocol, embed: Embed, references: _References
) -> tuple[list[str], NDArray[np.float64]]:
    with Database() as database:
        database.view("log", files, _COLUMNS, required=("exchange_id", "account_id", "messages"))
        database.run(f"""
            CREATE TABLE windows AS
            SELECT account_id, left({LAST_USER}, {CHARACTERS}) AS words FROM log WHERE {LAST_USER} IS NOT NULL
            QUALIFY count(*) OVER (PARTITION BY account_id) >= {int(sizes.least)}
                AND row_number() OVER (PARTITION BY account_id ORDER BY md5(exchange_id)) <= {int(sizes.window)}""")
        found = [(account, references.score(embed(words))) for account, words in _windows(database)]
    return [account for account, _score in found], np.array([score for _account, score in found])


def _windows(database: Database) -> Iterator[tuple[str, list[str]]]:
    """Yield each account with the texts of its window, holding one account at a time."""
    account, words = None, list[str]()
    for batch in database.batches("SELECT account_id, words FROM windows ORDER BY ALL"):
        ids = batch.column("account_id").dictionary_encode()
        codes = ids.indices.to_numpy()
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
            name = ids.dictionary[codes[start]].as_py()
            if name != account:
                if account is not None:
                    yield account, words
                account, words = name, []
            words.extend(batch.column("words")[int(start) : int(end)].to_pylist())
    if account is not None:
        yield account, words
