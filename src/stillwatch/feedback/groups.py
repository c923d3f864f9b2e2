"""Groups as measured: what a scan with a state leaves there of its findings and of what came near.

One file a scan under `groups/`, named after the end of its data and its own content; the last `KEPT` are kept. A file
holds numbers, keyed hashes and our own words, and no text of anybody's: the population once, then a line a group.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pyarrow as pa

from stillwatch.campaigns.judging import Finding, Judged, Outcome, judge
from stillwatch.campaigns.judging.decide import NEEDED
from stillwatch.campaigns.lasting.remember import finding_of
from stillwatch.campaigns.model import Campaign
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.group import Group, Population
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.files import whole_file
from stillwatch.feedback.packing import pack, unpack
from stillwatch.settings import DetectionSettings
from stillwatch.sketches import Secret
from stillwatch.version import __version__

GROUPS = "groups"
KEPT = 10  # scans
MOST_NEAR = 25  # as many as a report shows
VERSION = 1
DIGITS = 4  # of log10 e, as results have it
_PURPOSE = "feedback owners"

Key = tuple[str, str | None, tuple[float, ...]]


class Scan(msgspec.Struct, frozen=True):
    """What a scan was: enough to judge its groups again at the cut that they met."""

    seed_id: str
    stillwatch: str
    until: str  # event time of its last exchange
    false_discovery_rate: float
    min_accounts: int
    cut: float  # log10 e a campaign had to reach
    population: Any  # packed
    version: int = VERSION


class Measured(msgspec.Struct, frozen=True):
    """One group of a scan, and what it was held to be. `campaign_id` is near-N for one that was not named."""

    campaign_id: str
    verdict: str | None
    log10_e: float
    cut: float
    cuts: dict[str, float]  # log10 e that each axis had to reach
    axes: dict[str, float]
    added: dict[str, float]  # log10 e of each axis beyond what judging the group alone gives
    accounts: int
    owners: list[str]  # keyed hashes: the organisations that members declare, else the members
    group: Any  # packed; the workload it was judged on first

    @property
    def key(self) -> Key:
        """Return what tells this group from others of its scan, as the results have it."""
        return key_of(self.campaign_id, self.verdict, self.axes)


def key_of(name: str, verdict: str | None, axes: Mapping[Any, float]) -> Key:
    """Return a group's key: its id, which near findings lack, its verdict, and its axes as results hold them."""
    shown = tuple(round(axes[axis], DIGITS) + 0.0 for axis in sorted(axes))
    return name if verdict is not None else "", verdict, shown


@dataclass(frozen=True)
class Scanned:
    """A scan that has been judged and named."""

    traffic: Traffic
    outcome: Outcome
    bulk: Sequence[Finding]
    campaigns: Sequence[Campaign]


def record(state: Path, scanned: Scanned, secret: Secret, detection: DetectionSettings) -> Path:
    """Write the measured groups of a scan's findings and near findings to the state folder; return the file.

    Equal scans give equal bytes. The oldest files beyond `KEPT` go, by the event time of their data.
    """
    population = scanned.traffic.population
    until = datetime.fromtimestamp(float(population.ends.max()), UTC)
    scan = Scan(
        seed_id=secret.id,
        stillwatch=__version__,
        until=until.isoformat(timespec="seconds"),
        false_discovery_rate=detection.false_discovery_rate,
        min_accounts=detection.min_accounts,
        cut=float(scanned.outcome.cut),
        population=pack(population),
    )
    key = secret.key(_PURPOSE)
    lines = [orjson.dumps(msgspec.to_builtins(line)) for line in (scan, *_measured(scanned, key))]
    body = b"".join(line + b"\n" for line in lines)
    name = f"{until:%Y%m%dT%H%M%SZ}-{hashlib.blake2b(body, digest_size=6).hexdigest()}.jsonl"
    with whole_file(state / GROUPS / name) as part:
        part.write_bytes(body)
    for old in _files(state)[KEPT:]:
        if old.name != name:
            old.unlink(missing_ok=True)
    return state / GROUPS / name


def _measured(scanned: Scanned, key: bytes) -> Iterator[Measured]:
    findings = [*scanned.outcome.findings, *scanned.bulk]
    for campaign in scanned.campaigns:
        finding = finding_of(findings, campaign, scanned.traffic)
        if finding is not None:
            cuts = _cuts(finding)
            yield _one(scanned, finding.judged, campaign.campaign_id, finding.verdict, finding.cut, cuts, key)
    near = sorted(
        scanned.outcome.innocent,
        key=lambda j: (-j.axes["coordination"], -j.group.size, j.group.accounts.tobytes()),
    )
    for number, judged in enumerate(near[:MOST_NEAR], 1):
        cuts = {axis: float(scanned.outcome.cut) for axis in judged.axes}
        yield _one(scanned, judged, f"near-{number}", None, scanned.outcome.cut, cuts, key)


def _cuts(finding: Finding) -> dict[str, float]:
    """Return what each axis had to reach; what was reached, where it was named all the same."""
    tested = finding.cuts or dict.fromkeys(NEEDED.get(finding.verdict, ("extraction",)), finding.cut)
    return {axis: float(min(cut, finding.judged.axes[axis])) for axis, cut in tested.items()}


def _names(traffic: Traffic, group: Group) -> list[str]:
    ids: list[str] = traffic.account_ids.take(pa.array(group.accounts)).to_pylist()
    return ids


def _one(
    scanned: Scanned,
    judged: Judged,
    name: str,
    verdict: str | None,
    cut: float,
    cuts: dict[str, float],
    key: bytes,
) -> Measured:
    """Return a group with what it was held to be, and what the decision added to the judgement of it alone.

    Judging again is how a fixture is checked; what other scans or another reading gave or took is carried as it was.
    """
    alone = judge(judged.group, scanned.traffic.population).axes
    return Measured(
        campaign_id=name,
        verdict=verdict,
        log10_e=float(min(judged.axes.values())),
        cut=float(cut),
        cuts=cuts,
        axes={axis: float(value) for axis, value in judged.axes.items()},
        added={axis: float(value - alone[axis]) for axis, value in judged.axes.items()},
        accounts=judged.group.size,
        owners=_owners(scanned.traffic, judged.group, key),
        group=pack(judged.group),
    )


def _owners(traffic: Traffic, group: Group, key: bytes) -> list[str]:
    """Return keyed hashes of who is behind a group: the organisations that its members declare, else the members."""
    declared: list[str | None] = []
    if traffic.accounts is not None:
        declared = traffic.accounts["org_id"].take(pa.array(group.accounts)).to_pylist()
    organisations = {f"organisation {name}" for name in declared if name}
    named = organisations or {f"account {name}" for name in _names(traffic, group)}
    return sorted(hashlib.blake2b(name.encode(), key=key, digest_size=8).hexdigest() for name in named)


def _files(state: Path) -> list[Path]:
    """Return the files of recorded scans, latest data first."""
    return sorted((state / GROUPS).glob("*.jsonl"), key=lambda path: path.name, reverse=True)


def read_groups(path: Path) -> tuple[Scan, list[Measured]]:
    """Return what a scan recorded. Raises FeedbackError where the file is none of ours."""
    try:
        first, *rest = path.read_bytes().splitlines()
        scan = msgspec.convert(orjson.loads(first), Scan)
        return scan, [msgspec.convert(orjson.loads(line), Measured) for line in rest]
    except (ValueError, msgspec.ValidationError) as error:
        raise FeedbackError(f"{path}: no record of measured groups: {error}\n  fix: remove it") from error


def find_measured(state: Path, seed_id: str, wanted: Key) -> tuple[Scan, Measured] | None:
    """Return the group of this key from the latest recorded scan that has it; None where none does."""
    for path in _files(state):
        scan, groups = read_groups(path)
        found = next((g for g in groups if g.key == wanted), None) if scan.seed_id == seed_id else None
        if found is not None:
            return scan, found
    return None


def known_seeds(state: Path) -> set[str]:
    """Return the ids of the secrets under which the recorded scans were made."""
    return {read_groups(path)[0].seed_id for path in _files(state)}


def measured_group(measured: Measured, where: str, left_out: list[str] | None = None) -> Group:
    """Return the group that signals weigh; what its version had not counted is added to `left_out`."""
    return unpack(Group, measured.group, where, left_out)


def population_of(packed: Any, where: str, left_out: list[str] | None = None) -> Population:
    """Return the population that a group was weighed against, in the same way."""
    return unpack(Population, packed, where, left_out)
