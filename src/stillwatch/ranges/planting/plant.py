"""Plant: the operator's log in; out comes the same log with a campaign in it, its truth, and what a scan saw.

The operator's rows go through as the readers give them, in their order, unaltered; their text goes nowhere but into
the folder named. All that is claimed of them is that they were there: the truth presumes them honest.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.exchanges import DeadLetters, read_accounts, read_exchanges
from stillwatch.ranges.actors.roster import TRUTH_ACCOUNTS_SCHEMA
from stillwatch.ranges.hashing import stream
from stillwatch.ranges.planting.checks import check, notes_on
from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.planting.fit import Fitter
from stillwatch.ranges.planting.generate import Generated, generate
from stillwatch.ranges.planting.merge import OPERATORS, copy_log, known_among, merge
from stillwatch.ranges.planting.papers import papers
from stillwatch.ranges.planting.profile import Profile, times_of
from stillwatch.ranges.planting.report import as_record, show
from stillwatch.ranges.planting.watch import Watch, Watched
from stillwatch.ranges.planting.wish import Wish, describe
from stillwatch.settings import Settings
from stillwatch.version import __version__

Inputs = str | Path | Sequence[str | Path]
Progress = Callable[..., None]
TABLES: Final = ("exchanges", "accounts", "truth", "truth_accounts")
_ROUNDS: Final = 12  # of naming rows anew whose ids are taken
PRESUMED: Final = (
    "Rows of kind operator_log are the operator's own. They are presumed honest because nobody has said otherwise; a"
    " campaign may be among them, and a scan that names one need not be wrong."
)


@dataclass(frozen=True)
class Planted:
    """What was written, and what the scans saw; `watched` is None where nothing was scanned."""

    paths: dict[str, Path]
    manifest: dict[str, Any]
    watched: Watched | None
    notes: tuple[str, ...] = ()

    def report(self) -> str:
        """Return the report for a person."""
        return show(self.manifest, self.watched, self.notes)

    def record(self) -> dict[str, Any]:
        """Return the report in JSON's types; only the manifest and the notes where nothing was scanned."""
        if self.watched is None:
            return {"manifest": self.manifest, "notes": list(self.notes)}
        return as_record(self.manifest, self.watched, self.notes)


@dataclass(frozen=True)
class Reading:
    """How the log is read: options of `read_exchanges`."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    format: str | None = None


def plant(
    inputs: Inputs,
    out: str | Path,
    wish: Wish,
    *,
    accounts: str | Path | None = None,
    scans: bool = True,
    steps: int = 8,
    secret: str | Path | None = None,
    settings: Settings | None = None,
    reading: Reading | None = None,
    progress: Progress | None = None,
) -> Planted:
    """Plant a campaign into a log of any known format, and scan it before and after.

    Writes exchanges, truth, truth_accounts and (where an accounts table was given) accounts as Parquet, `plant.json`,
    and with `scans` the results of both scans, `plant_report.json` and `plant_report.txt`. At most `steps` prefixes are
    scanned to tell when the campaign would have been named. Raises PlantError where the log or the wish cannot be used,
    and ReadError where a file cannot be read. A run that fails leaves nothing behind.
    """
    wish.part()  # a wish that cannot be met is told before a log is read
    folder = Path(out)
    _apart(inputs, folder)
    reading = reading or Reading()
    with DeadLetters() as dead:
        known = _accounts(accounts, dead)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
            work, log = Path(name), Path(name) / "log.parquet"
            batches = read_exchanges(
                inputs, dead_letters=dead, mapping=reading.mapping, constants=reading.constants, format=reading.format,
                progress=None if progress is None else lambda at: progress("reading", at.bytes_read, at.bytes_total),
            )  # fmt: skip
            profile = check(copy_log(batches, log), dead)
            manifest = _plant(profile, log, work, wish, known, progress)
            manifest["log"]["unreadable_rows"] = dead.total
            notes = notes_on(profile, known is not None, manifest)
            watch = Watch(log, work, accounts, secret, settings, progress)
            watched = watch.watch(manifest, steps) if scans else None
            (work / "log.parquet").unlink()
            paths = _paths(work, folder) | (_report_paths(folder) if scans else {})
            planted = Planted(paths, manifest, watched, notes)
            _write_reports(planted, work)
            _move_in(work, folder)
    return planted


def _plant(
    profile: Profile, log: Path, work: Path, wish: Wish, known: pa.Table | None, progress: Progress | None
) -> dict[str, Any]:
    """Generate, fit, merge and write the tables; return the manifest."""
    if progress is not None:
        progress("planting", 0, None)
    generated = generate(wish, profile)
    rng = np.random.default_rng(stream(wish.seed, "planting"))
    fitter = Fitter(profile, rng, moves=generated.part.kind == "pivoting_coders")
    rows = fitter.fit(generated.rows, generated.plan, generated.harvests)
    rows = rows.take(pa.array(np.argsort(times_of(rows), kind="stable")))
    rows = _named(fitter, rows, log)
    ids = _pairs(generated.rows, rows, "account_id")
    labels = _labels(generated, rows)
    out = {name: work / f"{name}.parquet" for name in TABLES}
    merged = merge(log, rows, labels, out, progress, profile.rows)
    pq.write_table(_truth_accounts(generated, ids, profile), out["truth_accounts"])
    if known is not None:
        orgs = dict(zip(generated.rows["account_id"].to_pylist(), rows["org_id"].to_pylist(), strict=True))
        fresh = papers(known, generated.accounts, ids, orgs, fitter.addresses, rng)
        pq.write_table(pa.concat_tables([known, fresh]).sort_by("account_id"), out["accounts"])
    return _manifest(profile, wish, generated, rows, ids) | {"written": asdict(merged)}


def _named(fitter: Fitter, rows: pa.Table, log: Path) -> pa.Table:
    """Give planted rows ids that no row of the log has."""
    named = fitter.name_requests(rows, set())
    given = set(named["exchange_id"].to_pylist())
    for _ in range(_ROUNDS):
        clash = known_among(log, named["exchange_id"].combine_chunks())
        if not clash:
            return named
        mask = pc.is_in(named["exchange_id"], pa.array(sorted(clash)))
        fresh = fitter.name_requests(rows.filter(mask), given)
        given |= set(fresh["exchange_id"].to_pylist())
        for name in ("exchange_id", "response_id"):
            whole = pc.replace_with_mask(
                named[name].combine_chunks(), mask.combine_chunks(), fresh[name].combine_chunks()
            )
            named = named.set_column(named.schema.get_field_index(name), named.schema.field(name), whole)
    raise PlantError(
        "exchange ids of this log leave no room for further ones of their shape\n"
        "  fix: map a longer id with --map exchange_id=PATH"
    )


def _pairs(before: pa.Table, after: pa.Table, column: str) -> dict[str, str]:
    """Return what each generated value became; rows stand in the same order."""
    return dict(zip(before[column].to_pylist(), after[column].to_pylist(), strict=True))


def _labels(generated: Generated, rows: pa.Table) -> pa.Table:
    table = generated.truth
    for place, name in enumerate(("exchange_id", "account_id")):
        table = table.set_column(place, table.schema.field(name), rows[name])
    return table


def _truth_accounts(generated: Generated, ids: dict[str, str], profile: Profile) -> pa.Table:
    """Return truth_accounts: the planted accounts, and every account of the log, presumed honest."""
    planted = [
        row | {"account_id": ids[row["account_id"]]}
        for row in generated.truth_accounts.to_pylist()
        if row["account_id"] in ids
    ]
    own = [{"account_id": a, "role": "benign", "campaign": None, "kind": OPERATORS} for a in profile.accounts]
    return pa.Table.from_pylist([*planted, *own], schema=TRUTH_ACCOUNTS_SCHEMA).sort_by("account_id")


def _manifest(
    profile: Profile, wish: Wish, generated: Generated, rows: pa.Table, ids: dict[str, str]
) -> dict[str, Any]:
    campaign = generated.truth["campaign"]
    at = times_of(rows)
    return {
        "version": __version__,
        "campaign": wish.campaign,
        "design": describe(generated.part.kind),
        "kind": generated.part.kind,
        "rung": wish.rung,
        "seed": wish.seed,
        "corpus": wish.corpus is not None,
        "options": {k: v for k, v in generated.part.options.items() if isinstance(v, str | int | float)},
        "log": {
            "exchanges": profile.rows, "accounts": len(profile.accounts), "days": round(profile.days, 4),
            "first_us": profile.first, "last_us": profile.last, "columns": sorted(profile.columns),
        },
        "planted": {
            "exchanges": len(rows), "accounts": len(set(ids.values())),
            "campaign_exchanges": len(campaign) - campaign.null_count,
            "first_us": int(at[0]), "last_us": int(at[-1]), "refused_left_out": generated.refused_left_out,
        },
        "presumed": PRESUMED,
    }  # fmt: skip


def _accounts(path: str | Path | None, dead: DeadLetters) -> pa.Table | None:
    if path is None:
        return None
    if not Path(path).is_file():
        raise PlantError(
            f"{path}: there is no such accounts table; without one, cards, mail, sign-up and declared use of "
            "the planted accounts cannot be tested\n  fix: name the right file, or leave --accounts away"
        )
    return read_accounts(path, dead)


def _apart(inputs: Inputs, folder: Path) -> None:
    """Refuse to write into a folder that is read from, or over an input."""
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    for path in map(Path, given):
        if (path.is_dir() and folder.resolve().is_relative_to(path.resolve())) or (
            path.exists() and path.resolve().parent == folder.resolve() and path.stem in TABLES
        ):
            raise PlantError(
                f"{folder}: what is written would lie among the input ({path})\n  fix: another --out"
            )


def _paths(work: Path, folder: Path) -> dict[str, Path]:
    found = {name: folder / f"{name}.parquet" for name in TABLES if (work / f"{name}.parquet").exists()}
    return found | {"plant": folder / "plant.json"}


def _report_paths(folder: Path) -> dict[str, Path]:
    return {"report": folder / "plant_report.txt", "report_json": folder / "plant_report.json"}


def _write_reports(planted: Planted, work: Path) -> None:
    def write(name: str, value: Any) -> None:
        text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str)
        (work / name).write_text(text + "\n", encoding="utf-8")

    write("plant.json", planted.manifest)
    if planted.watched is not None:
        write("plant_report.json", planted.record())
        (work / "plant_report.txt").write_text(planted.report() + "\n", encoding="utf-8")


def _move_in(work: Path, folder: Path) -> None:
    """Move what is finished to where it belongs; what an earlier planting left of the same names goes."""
    for name in (*(f"{t}.parquet" for t in TABLES), "plant.json", "plant_report.json", "plant_report.txt"):
        (folder / name).unlink(missing_ok=True)
    for name in ("scan", "scan_before"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in sorted(work.iterdir()):
        shutil.move(path, folder / path.name)
