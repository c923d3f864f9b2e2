"""Does the generator give the answer away? A classifier that sees formats only, and should see nothing.

    python -m stillwatch.ranges.scoring.giveaway LOG [--json]

Campaign rows are held against honest rows of the same client class (the software without its version, direct or
relayed): which columns are null, how ids look, how finely times and numbers are told. Gradient boosting learns on
all campaigns but one and on some honest accounts, and is asked about that campaign and the other honest accounts;
rows are compared within a class only. An AUC near 1/2 is right; well above, campaigns were written by other code
than honest traffic, and the columns that say so are listed. A null pattern may also be a trait that campaigns
truly have (no sessions, say), so that a high AUC is a question, not a verdict.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.ranges.scoring.auc import interval, stratified_auc
from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
from stillwatch.ranges.scoring.database import Database, ScoreInputError
from stillwatch.ranges.scoring.record import as_json
from stillwatch.ranges.scoring.samples import account_rows, exchange_rows
from stillwatch.ranges.scoring.show import columns

LISTED = 8  # features
_META = ("campaign", "class", "account_id")


@dataclass(frozen=True, slots=True)
class Giveaway:
    """How well formats alone tell campaign rows from honest ones."""

    level: str  # exchanges | accounts
    campaigns: int
    campaign_rows: int
    left_out: int  # campaign rows in a client class that no honest row has
    honest_rows: int
    classes: int  # in which both were found
    auc: float
    low: float
    high: float
    features: tuple[
        tuple[str, float], ...
    ]  # the most telling by themselves, AUC above 1/2 in either direction


def giveaway(log: Path) -> list[Giveaway]:
    """Return the check over the exchanges of a range's folder, and over its accounts where it has the table.

    Raises ScoreInputError where the folder is incomplete or fewer than two campaigns share a client class with
    honest traffic, MissingExtraError where scikit-learn is not installed.
    """
    with Database() as database:
        levels = {
            "exchanges": exchange_rows(database, Path(log)),
            "accounts": account_rows(database, Path(log)),
        }
    return [check(level, rows) for level, rows in levels.items() if rows is not None]


def check(level: str, rows: pa.Table) -> Giveaway:
    """Return the check of n rows: `campaign` (null if honest), `class`, `account_id`, then features."""
    total = rows["campaign"].is_valid().to_numpy().sum()
    rows = _comparable(rows)
    names = [name for name in rows.column_names if name not in _META]
    features = np.column_stack([_numbers(rows[name]) for name in names])
    campaign = _codes(rows["campaign"])  # -1: honest
    positive, strata, accounts = campaign >= 0, _codes(rows["class"]), _codes(rows["account_id"])
    folds = int(campaign.max()) + 1 if len(campaign) else 0
    if folds < 2:
        raise ScoreInputError(
            f"{level}: {folds} campaigns share a client class with honest rows; two are needed"
        )
    fold = np.where(positive, campaign, _fold_of_accounts(accounts, folds))
    scores = np.zeros(len(rows))
    for held_out in range(folds):
        there = fold == held_out
        scores[there] = _learn(features, positive, strata, there)
    inner = strata * folds + fold  # a score means something within its fold only
    low, high = interval(scores, positive, inner, accounts)
    return Giveaway(
        level=level,
        campaigns=folds,
        campaign_rows=int(positive.sum()),
        left_out=int(total - positive.sum()),
        honest_rows=int((~positive).sum()),
        classes=len(np.unique(strata)),
        auc=stratified_auc(scores, positive, inner),
        low=low,
        high=high,
        features=_telling(names, features, positive, strata),
    )


def render(found: list[Giveaway]) -> str:
    """Return the checks as text."""
    rows = [
        [g.level, str(g.campaigns), f"{g.campaign_rows:,}", f"{g.left_out:,}", f"{g.honest_rows:,}", str(g.classes),
         f"{g.auc:.3f}", f"{g.low:.3f} to {g.high:.3f}"]
        for g in found
    ]  # fmt: skip
    head = ["formats of", "campaigns", "campaign rows", "left out", "honest rows", "classes", "AUC", "95 %"]
    parts = [columns(head, rows)]
    for g in found:
        listed = [[name, f"{auc:.3f}"] for name, auc in g.features]
        parts.append(columns([f"most telling of {g.level}", "AUC alone"], listed))
    return "\n\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    description = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(
        prog="python -m stillwatch.ranges.scoring.giveaway", description=description
    )
    parser.add_argument("log", type=Path, help="a range's folder: exchanges, truth, truth_accounts, accounts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    try:
        found = giveaway(chosen.log)
    except (ScoreInputError, MissingExtraError) as error:
        print(error, file=sys.stderr)
        return 2
    print(as_json(found) if chosen.json else render(found))
    return 0


def _comparable(rows: pa.Table) -> pa.Table:
    """Keep the classes that hold campaign rows and honest ones."""
    strata, positive = _codes(rows["class"]), rows["campaign"].is_valid().to_numpy()
    count = int(strata.max()) + 1 if len(strata) else 0
    both = (np.bincount(strata[positive], minlength=count) > 0) & (
        np.bincount(strata[~positive], minlength=count) > 0
    )
    return rows.filter(pa.array(both[strata] if count else np.zeros(0, dtype=bool)))


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return the place of each value among the sorted distinct ones, -1 for null."""
    chunk = column.combine_chunks().cast(pa.string()).dictionary_encode()
    names = np.array(chunk.dictionary.to_pylist(), dtype=object)
    place = np.empty(len(names) + 1, dtype=np.int64)
    place[np.argsort(names)] = np.arange(len(names))
    place[-1] = -1
    codes: NDArray[np.int64] = place[chunk.indices.fill_null(len(names)).to_numpy(zero_copy_only=False)]
    return codes


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    if pa.types.is_floating(column.type):
        values: NDArray[np.float64] = pc.fill_null(column, -1.0).to_numpy()
        return values
    return _codes(column).astype(np.float64)


def _fold_of_accounts(accounts: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """Deal accounts out to the folds at random, whole."""
    count = int(accounts.max()) + 1
    return (np.random.default_rng(0).permutation(count) % folds)[accounts]


def _learn(
    features: NDArray[np.float64],
    positive: NDArray[np.bool_],
    strata: NDArray[np.int64],
    held_out: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Learn on the other rows, campaign and honest of each class weighing the same, and score the held out."""
    try:
        ensemble: Any = importlib.import_module("sklearn.ensemble")
    except ImportError:
        raise MissingExtraError(
            "this check needs scikit-learn, which is not installed; install it with pip install 'stillwatch[dev]'"
        ) from None
    key = strata * 2 + positive
    sizes = np.bincount(key[~held_out], minlength=int(key.max()) + 1)
    # in a class with one kind only, nothing can be learnt but the class
    alone = np.bincount(strata[~held_out] * 2 + ~positive[~held_out], minlength=len(sizes) + 1)[key] == 0
    weights = np.where(alone, 0, 1 / np.maximum(sizes[key], 1))
    model = ensemble.HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, random_state=0)
    learnt = ~held_out & (weights > 0)
    if len(np.unique(positive[learnt])) < 2:
        return np.zeros(int(held_out.sum()))
    scale = learnt.sum() / weights[learnt].sum()
    model.fit(features[learnt], positive[learnt], sample_weight=weights[learnt] * scale)
    return np.asarray(model.decision_function(features[held_out]), dtype=np.float64)


def _telling(
    names: list[str], features: NDArray[np.float64], positive: NDArray[np.bool_], strata: NDArray[np.int64]
) -> tuple[tuple[str, float], ...]:
    found = []
    for name, values in zip(names, features.T, strict=True):
        auc = stratified_auc(values, positive, strata)
        found.append((name, max(auc, 1 - auc)))
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:LISTED])


if __name__ == "__main__":
    sys.exit(main())
