"""What a report says about its run: totals, the dial and the cut, inputs, rejected rows.

`run.json` is written by the pipeline. The keys read here: `version`, `false_discovery_rate` (the dial),
`cut_log10_e` (log10 of the e-value a campaign had to reach; None where nothing did), `inputs` (list of
{file, format, exchanges, rejected}), `exchanges`, `accounts`, `rejected` ({reason: rows}), `duplicates`,
`secret_id`, `options` (the configuration, by section). Any may be absent; a report then leaves the line out
or counts from the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from stillwatch.campaigns.model import ScanResult
from stillwatch.report import words

DEFAULT_DIAL = 0.05

# the sections of the configuration that bear on what is found; the rest (threads, paths, loudness) does not
_TELLING = frozenset({"detection", "text", "input"})


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The facts of a run that a person needs to trust or doubt a report."""

    exchanges: int
    accounts: int
    dial: float  # false-discovery rate, 0..1
    cut: float | None  # log10 e a campaign had to reach
    version: str
    secret_id: str | None
    inputs: tuple[tuple[str, str, int | None], ...]  # file, format, exchanges
    rejected: tuple[tuple[str, int], ...]  # reason, rows; most first
    duplicates: int
    options: tuple[tuple[str, str], ...]

    @property
    def rejected_rows(self) -> int:
        """Return how many rows could not be read."""
        return sum(rows for _, rows in self.rejected)


def run_facts(result: ScanResult) -> RunFacts:
    """Return the facts of a result's run; totals missing from the run are counted from its tables."""
    run = result.run
    exchanges, accounts = _totals(result)
    rejected = run.get("rejected")
    return RunFacts(
        exchanges=int(run.get("exchanges", exchanges)),
        accounts=int(run.get("accounts", accounts)),
        dial=float(run.get("false_discovery_rate", DEFAULT_DIAL)),
        cut=None if run.get("cut_log10_e") is None else float(run["cut_log10_e"]),
        version=str(run.get("version", "")),
        secret_id=run.get("secret_id"),
        inputs=tuple(_input(entry) for entry in run.get("inputs", ())),
        rejected=_by_count(rejected if isinstance(rejected, Mapping) else {}),
        duplicates=int(run.get("duplicates", 0)),
        options=_options(run.get("options", {})),
    )


def _totals(result: ScanResult) -> tuple[int, int]:
    """Count exchanges and accounts; an account in several campaigns has a row for each."""
    if result.accounts.num_rows == 0:
        return 0, 0
    each = result.accounts.group_by("account_id").aggregate([("exchanges", "max")])
    return int(pc.sum(each["exchanges_max"]).as_py() or 0), each.num_rows


def _input(entry: Any) -> tuple[str, str, int | None]:
    if not isinstance(entry, Mapping):
        return str(entry), "", None
    rows = entry.get("exchanges", entry.get("rows"))
    return str(entry.get("file", entry.get("path", ""))), str(entry.get("format", "")), rows


def _by_count(rejected: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((str(k), int(v)) for k, v in rejected.items()), key=lambda kv: (-kv[1], kv[0])))


def _options(options: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the options that bear on what is found, as `section.name` and value."""
    return tuple(
        (f"{section}.{name}", str(value))
        for section, inside in sorted(options.items())
        if section in _TELLING and isinstance(inside, Mapping)
        for name, value in sorted(inside.items())
        if value not in (None, {}, []) and name != "false_discovery_rate"
    )


def headline(result: ScanResult) -> str:
    """Return the first line of every report: what was found, in how much, at which error rate."""
    facts = run_facts(result)
    found = words.counted(len(result.campaigns), "campaign")
    seen = f"{words.counted(facts.exchanges, 'exchange')}, {words.counted(facts.accounts, 'account')}"
    return f"{found} in {seen}; false discoveries allowed: {words.one_in(facts.dial)}"


def promise(facts: RunFacts) -> str:
    """Return what the dial promises, in words."""
    share = f"{facts.dial * 100:.3g} %"
    return (
        f"Of the campaigns a scan lists, on average at most {share} are false ({words.one_in(facts.dial)})."
    )
