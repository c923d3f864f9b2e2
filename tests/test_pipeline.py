"""A scan as a whole: what is planted is found, and nothing but the evidence changes what is said."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch import load_results, ranges
from stillwatch.campaigns.model import ScanResult
from stillwatch.demo import SEED, DemoOutcome
from stillwatch.exchanges.schema import REQUIRED
from stillwatch.pipeline import scan
from stillwatch.ranges.jsonl import write_jsonl
from stillwatch.settings import Settings
from tests.exchanges.makers import Reading, exchange, jsonl, some_exchanges, write
from tests.exchanges.test_detect import EXAMPLES

ACCUSING = "distillation_campaign"
TABLES = ("exchanges", "accounts", "workloads")


@cache
def demo_range() -> ranges.Range:
    """Return the log of the demo."""
    return ranges.build("demo", seed=SEED)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, demo_outcome: DemoOutcome) -> Callable[..., ScanResult]:
    """Return a function that scans tables of exchanges and accounts with the demo's secret."""

    def _run(exchanges: pa.Table, accounts: pa.Table | None, **options: object) -> ScanResult:
        folder = tmp_path_factory.mktemp("scan")
        pq.write_table(exchanges, folder / "exchanges.parquet")
        table = folder / "accounts.parquet" if accounts is not None else None
        if table is not None:
            pq.write_table(accounts, table)
        return scan(folder / "exchanges.parquet", accounts=table, secret=demo_outcome.secret, **options)

    return _run


def accused(result: ScanResult, name: Callable[[str], str] = str) -> list[tuple[str, ...]]:
    """Return the members of every accused campaign, in an order of their own."""
    found = (c for c in result.campaigns if c.verdict == ACCUSING)
    return sorted(tuple(sorted(name(m.account_id) for m in c.accounts)) for c in found)


def verdicts(result: ScanResult) -> list[tuple[str, int]]:
    """Return every verdict with the number of its accounts."""
    return sorted((c.verdict, len(c.accounts)) for c in result.campaigns)


def renamed(table: pa.Table, name: Callable[[str], str]) -> pa.Table:
    """Return the table with every account called otherwise."""
    names = pa.array([name(a) for a in table["account_id"].to_pylist()])
    return table.set_column(table.schema.get_field_index("account_id"), "account_id", names)


def shifted(table: pa.Table, weeks: int, *columns: str) -> pa.Table:
    """Return the table with these times moved by whole weeks."""
    for column in columns:
        moved = pc.add(table[column], pa.scalar(timedelta(weeks=weeks)))
        table = table.set_column(table.schema.get_field_index(column), column, moved)
    return table


def scattered(table: pa.Table, folder: Path, seed: int) -> Path:
    """Write the rows in another order, split over files of three kinds in two folders; return the folder."""
    chance = random.Random(seed)
    order = chance.sample(range(table.num_rows), table.num_rows)
    cuts = sorted(chance.sample(range(1, table.num_rows), 5))
    for i, (begin, end) in enumerate(zip([0, *cuts], [*cuts, table.num_rows], strict=True)):
        place = folder / f"part{i % 2}" / f"{chance.randrange(10**9)}"
        place.parent.mkdir(parents=True, exist_ok=True)
        rows = table.take(order[begin:end])
        if i % 3 == 0:
            pq.write_table(rows, place.with_suffix(".parquet"))
            continue
        write_jsonl(rows, place.with_suffix(".jsonl"))
        if i % 3 == 1:
            packed = gzip.compress(place.with_suffix(".jsonl").read_bytes())
            place.with_suffix(".jsonl").unlink()
            place.with_suffix(".jsonl.gz").write_bytes(packed)
    return folder


def test_what_was_planted_is_found_and_no_honest_account_is_accused(demo_outcome: DemoOutcome) -> None:
    assert all(planted.found for planted in demo_outcome.planted), demo_outcome.summary()
    assert demo_outcome.honest_accused == 0
    truth = {row["exchange_id"]: row["campaign"] for row in demo_range().truth.to_pylist()}
    accusing = {c.campaign_id for c in demo_outcome.result.campaigns if c.verdict == ACCUSING}
    taken = [row for row in demo_outcome.result.exchanges.to_pylist() if row["campaign_id"] in accusing]
    honest = sum(truth[row["exchange_id"]] is None for row in taken)
    assert honest <= 0.01 * len(taken)


@pytest.mark.parametrize("seed", [1, 2])
def test_row_order_file_split_batches_and_threads_change_not_a_byte(
    seed: int, demo_outcome: DemoOutcome, tmp_path: Path
) -> None:
    built = demo_range()
    assert built.accounts is not None
    order = random.Random(seed).sample(range(built.accounts.num_rows), built.accounts.num_rows)
    pq.write_table(built.accounts.take(order), tmp_path / "accounts.parquet")
    result = scan(
        scattered(built.exchanges, tmp_path / "logs", seed),
        accounts=tmp_path / "accounts.parquet",
        out=tmp_path / "results",
        secret=demo_outcome.secret,
        settings=Settings.model_validate(
            {"run": {"threads": 2 * seed - 1}, "input": {"batch_rows": 301 * seed}}
        ),
    )
    written = [folder / "campaigns.json" for folder in (tmp_path / "results", demo_outcome.results)]
    assert written[0].read_bytes() == written[1].read_bytes()
    for name in TABLES:
        assert getattr(result, name).equals(getattr(demo_outcome.result, name)), name
        there = pq.read_table(tmp_path / "results" / f"{name}.parquet")
        assert there.equals(pq.read_table(demo_outcome.results / f"{name}.parquet")), name
    assert result.examined == demo_outcome.result.examined
    # what the report draws is not in campaigns.json
    assert result.campaigns == demo_outcome.result.campaigns


def test_renaming_the_accounts_changes_no_verdict(
    run: Callable[..., ScanResult], demo_outcome: DemoOutcome
) -> None:
    built = demo_range()
    real = {hashlib.sha256(a.encode()).hexdigest(): a for a in built.truth["account_id"].to_pylist()}
    named = {a: digest for digest, a in real.items()}
    result = run(renamed(built.exchanges, named.__getitem__), renamed(built.accounts, named.__getitem__))
    assert accused(result, real.__getitem__) == accused(demo_outcome.result)
    assert verdicts(result) == verdicts(demo_outcome.result)


def test_shifting_time_by_whole_weeks_changes_no_verdict(
    run: Callable[..., ScanResult], demo_outcome: DemoOutcome
) -> None:
    built = demo_range()
    result = run(shifted(built.exchanges, 5, "time"), shifted(built.accounts, 5, "created_at", "status_at"))
    assert accused(result) == accused(demo_outcome.result)
    assert verdicts(result) == verdicts(demo_outcome.result)
    for now, then in zip(result.campaigns, demo_outcome.result.campaigns, strict=True):
        assert now.log10_e == pytest.approx(then.log10_e)
        assert now.first_seen - then.first_seen == timedelta(weeks=5)


def test_unrelated_traffic_moves_only_what_depends_on_the_population(
    run: Callable[..., ScanResult], demo_outcome: DemoOutcome
) -> None:
    built = demo_range()
    parts = (ranges.Part("chat_users", 40, 300), ranges.Part("coding_agents", 10, 100))
    other = ranges.build(ranges.Population("others", parts, 3.0), seed=SEED + 1)
    result = run(
        pa.concat_tables([built.exchanges, other.exchanges]),
        pa.concat_tables([built.accounts, other.accounts]),
    )
    assert accused(result) == accused(demo_outcome.result)
    for now, then in zip(result.campaigns, demo_outcome.result.campaigns, strict=True):
        assert now.verdict == then.verdict
        assert {m.account_id for m in now.accounts} == {m.account_id for m in then.accounts}
        assert now.exchanges == then.exchanges
        assert now.axes == pytest.approx(then.axes, abs=2.0)


def test_without_an_accounts_table_nobody_else_is_accused_and_less_is_claimed(
    run: Callable[..., ScanResult], demo_outcome: DemoOutcome
) -> None:
    result = run(demo_range().exchanges, None)
    guilty = {
        row["account_id"] for row in demo_range().truth_accounts.to_pylist() if row["campaign"] is not None
    }
    assert accused(result)
    assert {account for members in accused(result) for account in members} <= guilty
    assert all(
        any("no accounts table" in why for why in c.caps) for c in result.campaigns if c.verdict == ACCUSING
    )


def test_campaign_ids_stay_while_the_log_grows(
    run: Callable[..., ScanResult], demo_outcome: DemoOutcome, tmp_path: Path
) -> None:
    built = demo_range()
    time = built.exchanges["time"]
    two_days = pc.add(pc.min(time), pa.scalar(timedelta(days=2)))
    early = run(built.exchanges.filter(pc.less(time, two_days)), built.accounts, state=tmp_path / "state")
    late = run(built.exchanges, built.accounts, state=tmp_path / "state")
    before = {c.campaign_id: {m.account_id for m in c.accounts} for c in early.campaigns}
    after = {c.campaign_id: {m.account_id for m in c.accounts} for c in late.campaigns}
    assert before and len(after) == len(late.campaigns)
    for name, members in before.items():
        assert name in after, "a campaign of the earlier scan is called otherwise"
        assert len(members & after[name]) >= 0.5 * len(members)
    again = run(built.exchanges, built.accounts, state=tmp_path / "state")
    assert [c.campaign_id for c in again.campaigns] == [c.campaign_id for c in late.campaigns]


def test_since_and_until_see_what_a_shorter_log_would_show(run: Callable[..., ScanResult]) -> None:
    built = demo_range()
    time = built.exchanges["time"]
    since, until = (pc.min(time).as_py() + timedelta(hours=h) for h in (10, 34))
    inside = pc.and_(pc.greater_equal(time, since), pc.less(time, until))
    cut = run(built.exchanges, built.accounts, since=since, until=until)
    short = run(built.exchanges.filter(inside), built.accounts)
    assert 0 < cut.run["exchanges"] == short.run["exchanges"] < built.exchanges.num_rows
    assert cut.campaigns == short.campaigns
    assert all(getattr(cut, name).equals(getattr(short, name)) for name in TABLES)


def test_a_log_of_required_fields_alone_is_read_and_nothing_is_found_in_it(
    run: Callable[..., ScanResult],
) -> None:
    result = run(demo_range().exchanges.select(list(REQUIRED)), None)
    assert result.campaigns == () and result.exchanges.num_rows == 0
    assert set(result.accounts["verdict"].to_pylist()) == {"none"}
    assert result.accounts["exchanges"].to_pylist()
    assert sum(result.accounts["exchanges"].to_pylist()) == demo_range().exchanges.num_rows


def test_no_exchange_at_all_still_gives_every_file(tmp_path: Path) -> None:
    result = scan(write(tmp_path / "a.jsonl", b""), out=tmp_path / "out")
    assert result.campaigns == () and result.run["exchanges"] == 0
    assert pq.read_table(tmp_path / "out" / "accounts.parquet").num_rows == 0
    assert load_results(tmp_path / "out").campaigns == ()


def test_one_exchange_is_an_account_without_a_verdict(tmp_path: Path) -> None:
    result = scan(write(tmp_path / "a.jsonl", jsonl([exchange()])))
    assert result.accounts.to_pylist()[0]["verdict"] == "none"
    assert result.workloads["exchanges"].to_pylist() == [1]


def test_repeats_are_dropped_and_counted_and_conflicts_become_dead_letters(tmp_path: Path) -> None:
    rows = some_exchanges(40)
    other = exchange(exchange_id="x3", output="Something else.")
    logs = [
        write(tmp_path / "a.jsonl", jsonl([*rows, *rows[:5]])),
        write(tmp_path / "b.jsonl.gz", jsonl([other])),
    ]
    result = scan(logs, out=tmp_path / "out")
    assert (result.run["exchanges"], result.run["duplicates"]) == (40, 5)
    assert sum(result.run["rejected"].values()) == 1
    (letter,) = map(json.loads, (tmp_path / "out" / "rejected.jsonl").read_text().splitlines())
    assert letter["field"] == "exchange_id" and letter["file"].endswith("b.jsonl.gz") and letter["line"] == 1
    assert sum(result.accounts["exchanges"].to_pylist()) == 40


@pytest.mark.parametrize(("name", "data"), dict(EXAMPLES).items(), ids=dict(EXAMPLES))
def test_a_log_of_every_format_can_be_scanned(name: str, data: bytes, tmp_path: Path) -> None:
    if name == "canonical-parquet":
        path = tmp_path / "log.parquet"
        pq.write_table(
            pa.Table.from_pylist(Reading(write(tmp_path / "x.jsonl", jsonl([exchange()]))).rows), path
        )
    else:
        path = write(tmp_path / "log", data)
    result = scan(path, constants={"account_id": "acct_0"}, out=tmp_path / "out")
    (seen,) = result.run["inputs"]
    assert seen["format"] == name
    assert result.campaigns == ()
    assert result.accounts.num_rows == (1 if result.run["exchanges"] else 0)
    assert load_results(tmp_path / "out").campaigns == ()


@pytest.mark.parametrize("stage", ["reading and sketching", "campaigns", "writing"])
def test_a_killed_scan_leaves_the_earlier_result_whole(stage: str, tmp_path: Path) -> None:
    log = write(tmp_path / "a.jsonl", jsonl(some_exchanges(30)))
    out = tmp_path / "out"
    scan(log, out=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    code = (
        "import os, signal, sys\nfrom stillwatch import scan\n"
        "def stop(name, *_):\n    if name == sys.argv[3]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "scan(sys.argv[1], out=sys.argv[2], progress=stop)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, log, out, stage], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert load_results(out).run["exchanges"] == 30
