"""A large mixed log: real prompts, real arrival traces, and planted pools, with the truth beside.

    python benchmarks/mixed_log.py --accounts 20000 --exchanges 1000000 --seed 1 --out FOLDER [--shared PATH]

Prompts, system texts, templates and questions come from the research data (--shared, STILLWATCH_SHARED, or
../shared), arrivals and answer lengths from its traces; answers and further turns of talk are written by the
grammar of the ranges. Rows go to Parquet as they are made, in order of time but for retries. The same seed
gives the same log. Nothing of the research data is kept in the repository.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harness.actors import Actor, Cast
from harness.arrivals import tenants
from harness.corpus import Corpus, Speaker, shared_folder
from harness.planting import POOLS, Planted, Pool, plant
from stillwatch.ranges.build import START, account_tables
from stillwatch.ranges.ledger import LOG_SCHEMA, TRUTH_SCHEMA
from stillwatch.ranges.rhythm import loads
from stillwatch.ranges.world import World


@dataclass
class Plan:
    """All arrivals: when, and whose turn it is (an index into `turns`)."""

    at: list[np.ndarray] = field(default_factory=list)
    who: list[np.ndarray] = field(default_factory=list)
    turns: list[tuple[Actor | None, Planted | None]] = field(default_factory=list)

    def add(self, instants: np.ndarray, actor: Actor | None, pool: Planted | None) -> None:
        """Let an actor (through a pool, or by itself) or a pool's harvest act at these instants."""
        self.at.append(instants)
        self.who.append(np.full(instants.size, len(self.turns), dtype=np.int32))
        self.turns.append((actor, pool))


def make_plan(world: World, cast: Cast, planted: list[Planted], accounts: int, exchanges: int) -> Plan:
    """Share the exchanges out over pools and honest accounts, with arrivals from the traces."""
    rng, plan = world.branch("plan"), Plan()
    draws = np.random.default_rng([world.seed, 1])
    left = exchanges
    for one in planted:
        left -= _plan_pool(plan, world, cast, one, draws)
    honest = max(1, accounts - sum(len(p.relay.accounts) for p in planted))
    # No account sends more than a two-hundredth of the log.
    most = max(50, exchanges // 200)
    wanted = [min(n, most) for n in loads(rng, honest, max(left, honest), 1.15)]
    ratio = max(left, honest) / sum(wanted)
    for count in wanted:
        actor = cast.actor()
        size = max(1, round(count * ratio))
        plan.add(actor.tenant.instants(draws, size, world.days), actor, None)
    return plan


def _plan_pool(plan: Plan, world: World, cast: Cast, one: Planted, draws: np.random.Generator) -> int:
    pool = one.pool
    harvest = pool.accounts * pool.each
    if harvest:
        span = min(pool.days, world.days)
        begin = float(draws.random()) * (world.days - span) * 86_400
        at = begin + np.sort(draws.random(harvest)) * span * 86_400
        plan.add(at, None, one)
    carried = round(harvest * (1 / pool.share - 1)) if pool.share else pool.accounts * 60
    served = max(1, carried // 40) if carried else 0
    for _ in range(served):
        customer = cast.customer("pool_customer" if pool.campaign else "resale_pool")
        plan.add(customer.tenant.instants(draws, max(1, carried // served), world.days), customer, one)
    return harvest + carried


def write_log(arguments: argparse.Namespace) -> tuple[int, int]:
    """Write the log and its truth into the output folder; return exchanges and accounts."""
    shared, out = shared_folder(arguments.shared), arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with (
        pq.ParquetWriter(out / "exchanges.parquet", LOG_SCHEMA, compression="zstd") as log,
        pq.ParquetWriter(out / "truth.parquet", TRUTH_SCHEMA, compression="zstd") as truth,
    ):

        def sink(rows: pa.RecordBatch, labels: pa.RecordBatch) -> None:
            log.write_batch(rows)
            truth.write_batch(labels)

        world = World(arguments.seed, START, arguments.days, sink)
        pools = [p for p in POOLS if not arguments.pools or p.name in arguments.pools]
        _play(world, shared, pools, arguments.accounts, arguments.exchanges)
        world.ledger.close()
    table, roles = account_tables(world)
    pq.write_table(table, out / "accounts.parquet", compression="zstd")
    pq.write_table(roles, out / "truth_accounts.parquet", compression="zstd")
    return world.ledger.rows, table.num_rows


def _play(world: World, shared: Path, pools: list[Pool], accounts: int, exchanges: int) -> None:
    corpus, speaker = Corpus.load(shared), Speaker()
    cast = Cast(world, corpus, speaker, tenants(shared), world.branch("cast"))
    planted = [plant(world, pool, corpus, speaker, i) for i, pool in enumerate(pools)]
    plan = make_plan(world, cast, planted, accounts, exchanges)
    at, who = np.concatenate(plan.at), np.concatenate(plan.who)
    order = np.lexsort((who, at))
    rng, begun = world.branch("play"), time.monotonic()
    for done, (when, turn) in enumerate(zip(at[order].tolist(), who[order].tolist(), strict=True)):
        actor, pool = plan.turns[turn]
        if actor is None:
            assert pool is not None
            pool.harvest(when)
        elif pool is not None:
            pool.serve(actor, rng, when)
        else:
            actor.step(world, rng, speaker, when)
        if done % 100_000 == 99_999:
            print(f"{done + 1:,} arrivals, {time.monotonic() - begun:.0f} s", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--exchanges", type=int, default=1_000_000)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=0)
    names = [pool.name for pool in POOLS]
    parser.add_argument("--pools", nargs="+", choices=names, metavar="NAME", help=f"all, or of {names}")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, help="folder of the research data")
    rows, accounts = write_log(parser.parse_args(arguments))
    print(f"{rows:,} exchanges of {accounts:,} accounts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
