"""The demo: a small labelled log of honest and harvesting traffic, scanned, and held against its truth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from stillwatch import ranges
from stillwatch.campaigns.model import ScanResult, Verdict
from stillwatch.pipeline import scan
from stillwatch.settings import Settings

# One on which the scan finds all that is planted; docs/ranges/index.md tells how it fares on others.
SEED = 2
_ACCUSING = "distillation_campaign"


@dataclass(frozen=True, slots=True)
class Planted:
    """A campaign that the demo put into its log, and what the scan made of it."""

    name: str
    accounts: int
    reported_as: str | None  # the id of the campaign in the list, None where there is none
    verdict: str | None
    accounts_found: int
    honest_within: int  # accounts of that campaign that were never part of this one

    @property
    def found(self) -> bool:
        """Whether it was named for what it is; a weaker verdict does not count."""
        return self.verdict == _ACCUSING

    def __str__(self) -> str:
        if self.verdict is None:
            return f"{self.name:<10} missed"
        weaker = "" if self.found else f"only as {self.verdict}: "
        return (
            f"{self.name:<10} {weaker}{self.reported_as}, {self.accounts_found} of {self.accounts} accounts"
        )


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What a demo left and how the scan did."""

    log: dict[str, Path]  # exchanges, accounts, truth, truth_accounts
    secret: Path
    results: Path
    result: ScanResult
    planted: tuple[Planted, ...]
    honest_accused: int  # honest accounts in any distillation_campaign
    honest: int  # honest accounts in the log

    def summary(self) -> str:
        """Return how the scan did against the truth, in a few lines."""
        found = sum(p.found for p in self.planted)
        lines = [f"planted campaigns found: {found} of {len(self.planted)}"]
        lines += [f"  {p}" for p in self.planted]
        lines.append(f"honest accounts accused: {self.honest_accused} of {self.honest}")
        return "\n".join(lines)


def run_demo(
    folder: Path,
    *,
    seed: int = SEED,
    settings: Settings | None = None,
    progress: Callable[..., None] | None = None,
) -> DemoOutcome:
    """Write the demo's log to `folder/log`, scan it into `folder/results`, compare with the truth.

    The secret in `folder/secret` is made from the seed, so that the demo gives the same answer everywhere;
    it protects nothing. Raises OSError where `folder` cannot be written.
    """
    folder = Path(folder)
    if progress is not None:
        progress("writing the log")
    built = ranges.build("demo", seed=seed)
    log = ranges.write(built, folder / "log", form="jsonl")
    secret = _write_secret(folder / "secret", seed)
    result = scan(
        [log["exchanges"]],
        accounts=log.get("accounts"),
        out=folder / "results",
        settings=settings,
        secret=secret,
        progress=progress,
    )
    return _compare(built.truth_accounts, result, log, secret, folder / "results")


def _write_secret(path: Path, seed: int) -> Path:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(hashlib.sha256(f"stillwatch demo {seed}".encode()).hexdigest() + "\n", encoding="ascii")
    return path


def _compare(
    truth: pa.Table, result: ScanResult, log: dict[str, Path], secret: Path, results: Path
) -> DemoOutcome:
    planted: dict[str, set[str]] = {}
    everyone: set[str] = set()
    for row in truth.to_pylist():
        everyone.add(row["account_id"])
        if row["campaign"] is not None:
            planted.setdefault(row["campaign"], set()).add(row["account_id"])
    members = {c.campaign_id: {m.account_id for m in c.accounts} for c in result.campaigns}
    verdicts = {c.campaign_id: c.verdict for c in result.campaigns}
    honest = everyone.difference(*planted.values())
    accused = honest & set().union(*(members[i] for i, v in verdicts.items() if v == _ACCUSING))
    outcomes = tuple(_outcome(name, those, members, verdicts) for name, those in sorted(planted.items()))
    return DemoOutcome(log, secret, results, result, outcomes, len(accused), len(honest))


def _outcome(
    name: str, those: set[str], members: dict[str, set[str]], verdicts: dict[str, Verdict]
) -> Planted:
    """Find the reported campaign that is this one: most of each lies in the other, the accusing one first."""
    same = [i for i, found in members.items() if 2 * len(found & those) >= max(len(those), len(found))]
    best = max(same, key=lambda i: (verdicts[i] == _ACCUSING, len(members[i] & those), i), default=None)
    if best is None:
        return Planted(name, len(those), None, None, 0, 0)
    both = len(members[best] & those)
    return Planted(name, len(those), best, verdicts[best], both, len(members[best]) - both)
