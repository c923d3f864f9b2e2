"""Count what honest work and harvests look like and are after: the shipped reference profiles.

    python benchmarks/fit_profiles.py --seeds 2000:2008 --corpus DIR --out FOLDER

Builds labelled ranges, assigns workloads, and measures every piece of work that is large enough: single streams,
and the users of one workload. Every kind of work weighs alike. Kinds that collect answers openly (permitted
synthesis, evaluations, judges) are extraction by definition and no part of the honest reference of shapes; what
excuses them is another axis. They do count for what honest work is after, and so does every published application of
the corpus that the classifier was not trained on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch import ranges
from stillwatch.campaigns.measuring import measure, set_up
from stillwatch.campaigns.proposing.propose import Proposal
from stillwatch.campaigns.traffic import Traffic, gather
from stillwatch.engines import Session
from stillwatch.exchanges import DeadLetters, read_exchanges
from stillwatch.intents import GENERAL, LABELS, intents, shipped_model
from stillwatch.intents.training.exam import answer, held_out_samples
from stillwatch.signals import HANDOVERS
from stillwatch.signals.harvest_shape import MIN_ANSWERS, marks_of_harvest
from stillwatch.sketches import Secret, sketch
from stillwatch.workloads import CELLS, assign_workloads
from stillwatch.workloads.describe import TELLING

OPENLY_EXTRACTING = ("synthe", "eval", "judge", "lone_harvest")
RANGES = (ranges.scenario("demo"), ranges.scenario("benign", 0.5), ranges.scenario("incident", 0.3))
MARKS = 10
LABEL = partial(intents, model=shipped_model())


def kinds_of_work(
    session: Session, traffic: Traffic, truth: pa.Table
) -> dict[tuple[int, int], tuple[str, bool]]:
    """Return (account, workload) -> (commonest kind, whether it is a campaign's)."""
    labels = session.load("truth", truth.select(["exchange_id", "campaign", "kind"]))
    joined = traffic.exchanges.inner_join(labels, "exchange_id")
    joined = joined.inner_join(session.table("account_index"), "account_key")
    rows = session.fetch(
        joined.group_by("account", "workload", "kind", "campaign").agg(n=lambda t: t.count())
    )
    best: dict[tuple[int, int], tuple[int, str, bool]] = {}
    for row in rows.to_pylist():
        key, found = (row["account"], row["workload"]), (row["n"], row["kind"], row["campaign"] is not None)
        best[key] = max(best.get(key, found), found)
    return {key: (kind, planted) for key, (_n, kind, planted) in best.items()}


def proposals(
    traffic: Traffic, kinds: dict[tuple[int, int], tuple[str, bool]]
) -> list[tuple[Proposal, str, bool]]:
    """Return every stream, and the users of every workload that are of one kind, with that kind."""
    found, groups = [], defaultdict(list)
    for account, workload in zip(
        traffic.streams["account"].to_pylist(), traffic.streams["workload"].to_pylist(), strict=True
    ):
        if workload >= CELLS:
            continue
        kind, planted = kinds[account, workload]
        found.append((Proposal(np.array([account]), "account", "", workload), kind, planted))
        groups[workload, kind, planted].append(account)
    for (workload, kind, planted), members in sorted(groups.items()):
        if len(members) > 1:
            found.append((Proposal(np.array(sorted(members)), "workload", "", workload), kind, planted))
    return found


@dataclass(frozen=True)
class Piece:
    """One piece of work: its marks of a harvest, the kind it is of, and whether several accounts did it."""

    marks: int
    kind: str
    planted: bool
    shared: bool
    sought: str  # capability
    clearly: bool

    @property
    def honest(self) -> bool:
        return not self.planted and not any(part in self.kind for part in OPENLY_EXTRACTING)


def pieces_of(population: ranges.Population, seed: int) -> list[Piece]:
    """Build one range and return its pieces of work."""
    secret = Secret.from_bytes(seed.to_bytes(32, "big"))
    with tempfile.TemporaryDirectory() as folder, Session() as session, DeadLetters(None) as letters:
        files = ranges.write(ranges.build(population, seed=seed), Path(folder))
        batches = read_exchanges([files["exchanges"]], dead_letters=letters)
        sketches = session.load(
            "sketches", pa.Table.from_batches([sketch(b, secret, LABEL) for b in batches])
        )
        traffic = gather(session, sketches, assign_workloads(session, sketches), None, HANDOVERS, frozenset())
        work = proposals(traffic, kinds_of_work(session, traffic, pq.read_table(files["truth"])))
        bench = set_up(traffic, [proposal for proposal, _kind, _planted in work])
        found = []
        for proposal, kind, planted in work:
            use = measure(bench, proposal).main
            if use is not None and use.answered >= MIN_ANSWERS:
                found.append(
                    Piece(
                        sum(marks_of_harvest(use).values()),
                        kind,
                        planted,
                        len(proposal.accounts) > 1,
                        use.sought,
                        use.clearly,
                    )
                )
        return found


def all_pieces(seeds: str) -> list[Piece]:
    first, last = map(int, seeds.split(":"))
    return [p for seed in range(first, last) for population in RANGES for p in pieces_of(population, seed)]


def even_weights(pieces: list[Piece]) -> np.ndarray:
    """Return a weight per piece: kinds weigh alike, and so do harvests and honest work."""
    kinds = Counter((p.planted, p.kind) for p in pieces)
    sides = Counter(planted for planted, _kind in kinds)
    return np.array([1.0 / (kinds[p.planted, p.kind] * sides[p.planted]) for p in pieces])


def count_shapes(pieces: list[Piece]) -> dict[str, list[float]]:
    """Return work by number of marks, each kind weighing alike, scaled to the number of pieces."""
    table: dict[str, list[float]] = {}
    chosen = {
        "single": [p for p in pieces if p.honest and not p.shared],
        "shared": [p for p in pieces if p.honest and p.shared],
        "harvest": [p for p in pieces if p.planted and p.shared],
    }
    for name, part in chosen.items():
        weight = even_weights(part)
        counts = np.bincount(
            [p.marks for p in part], weights=weight / weight.sum() * len(part), minlength=MARKS + 1
        )
        table[name] = [round(float(v), 2) for v in counts]
    return table


def count_sought(pieces: list[Piece], corpus: Path | None) -> dict[str, dict[str, float]]:
    """Return honest work by what it is after: kinds of work alike and published applications one each, by halves."""
    honest = [p for p in pieces if not p.planted and "lone_harvest" not in p.kind]
    kinds = Counter(p.kind for p in honest)
    made: Counter[tuple[bool, str]] = Counter()
    for p in honest:
        made[p.clearly, p.sought] += 1 / kinds[p.kind]
    published = Counter(published_sought(corpus)) if corpus else Counter()
    scale = (sum(published.values()) or len(kinds)) / len(kinds)
    table: dict[str, dict[str, float]] = {}
    for name, clearly in (("clear", True), ("leaning", False)):
        slugs = sorted({slug for known, slug in (*made, *published) if known == clearly})
        table[name] = {
            slug: round(made[clearly, slug] * scale + published[clearly, slug], 2) for slug in slugs
        }
    return table


def published_sought(corpus: Path) -> list[tuple[bool, str]]:
    """Return whether each published application that was held out of training is clearly after something, and what."""
    model = shipped_model()
    samples = [s for s in held_out_samples(corpus) if s.family in ("benign_system", "benign_app_templates")]
    found = []
    for row in answer(samples, model).scores:
        label = next((label for label in TELLING if row[label] >= model.leanings[label]), None)
        clearly = label is not None and row[label] >= model.cuts[label]
        found.append((bool(clearly), LABELS[label] if label is not None else GENERAL))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="2000:2010")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    pieces = all_pieces(options.seeds)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for p in pieces:
        by_kind[f"{'several' if p.shared else 'one'} {'* ' if p.planted else ''}{p.kind}"][
            f"{p.sought} {p.marks}"
        ] += 1
    for kind in sorted(by_kind):
        print(f"{kind:36}", dict(by_kind[kind].most_common(6)))
    source = f"benchmarks/fit_profiles.py --seeds {options.seeds}{' --corpus DIR' if options.corpus else ''}"
    source += f", classifier {shipped_model().version}"
    tables = {
        "shape_profile.json": {"source": source, **count_shapes(pieces)},
        "sought_profile.json": {"source": source, **count_sought(pieces, options.corpus)},
    }
    for name, table in tables.items():
        print(name, json.dumps(table))
        if options.out:
            (options.out / name).write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
