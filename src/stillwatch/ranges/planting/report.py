"""The report of a planting: for a person as text, for a program as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from stillwatch.evidence.row import TELLING
from stillwatch.ranges.planting.watch import DILUTED, FOUND, MISSED, WEAKER, Named, Watched
from stillwatch.ranges.scoring.record import record
from stillwatch.ranges.scoring.shares import Share
from stillwatch.ranges.trials.leak import RESOLUTION

_LISTED: Final = 5
_OUTCOMES: Final = {
    FOUND: "FOUND",
    DILUTED: "FOUND, BUT AMONG MORE OF YOUR OWN ACCOUNTS",
    WEAKER: "SEEN, BUT NOT NAMED FOR WHAT IT IS",
    MISSED: "MISSED",
}


def as_record(manifest: Mapping[str, Any], watched: Watched, notes: Sequence[str]) -> dict[str, Any]:
    """Return what `plant_report.json` holds."""
    found: dict[str, Any] = record(watched)
    for prefix, seen in zip(found["prefixes"], watched.prefixes, strict=True):
        prefix["until"] = seen.until.isoformat()
    return found | {"manifest": dict(manifest), "notes": list(notes), "resolution": RESOLUTION}


def show(manifest: Mapping[str, Any], watched: Watched | None, notes: Sequence[str]) -> str:
    """Return the report as text."""
    parts = [_planted(manifest)]
    if watched is None:
        parts.append("nothing was scanned (--no-scan)")
    else:
        parts += [_outcome(watched), _leak(watched), _own(watched), _signals(watched), _before(watched)]
    if notes:
        parts.append("not tested, or only in part\n" + "\n".join(f"  - {note}" for note in notes))
    parts.append(str(manifest["presumed"]))
    return "\n\n".join(part for part in parts if part)


def _planted(manifest: Mapping[str, Any]) -> str:
    log, planted = manifest["log"], manifest["planted"]
    rung = "" if manifest["rung"] is None else f" at rung L{manifest['rung']}"
    span = f"{_moment(planted['first_us'])} to {_moment(planted['last_us'])} UTC"
    return (
        f"planted  {manifest['campaign']}{rung}: {planted['accounts']:,} accounts, {planted['exchanges']:,} exchanges "
        f"({planted['campaign_exchanges']:,} of the campaign), {span}\n"
        f"         {manifest['design']}\n"
        f"into     {log['exchanges']:,} exchanges of {log['accounts']:,} accounts over {log['days']:.1f} days"
    )


def _outcome(watched: Watched) -> str:
    lines = [_OUTCOMES[watched.outcome]]
    best = watched.best
    if best is None:
        lines.append(
            f"  no reported campaign holds half of what was planted (it would be a {watched.expected})"
        )
        lines += [
            f"  examined, not named: {e.name} ({e.exchanges:,} exchanges): {e.reason}"
            for e in watched.looked[:2]
        ]
        held = [n for n in watched.named if n.planted_accounts]
        lines += [
            f"  {n.verdict} {n.campaign_id} holds {len(n.planted_accounts)} of its accounts"
            for n in held[:_LISTED]
        ]
        return "\n".join(lines)
    lines.append(
        f"  as {best.verdict} {best.campaign_id}, {best.confidence}, log10 e {best.log10_e:.1f}"
        + ("" if best.verdict == watched.expected else f"; it is a {watched.expected}")
    )
    inside = best.harvested + best.customers + best.own_exchanges
    lines.append(f"  accounts   {_share(len(best.planted_accounts), watched.accounts)} of the planted ones")
    if watched.harvested:
        lines.append(f"  exchanges  {_share(best.harvested, watched.harvested)} of the campaign's")
    lines.append(
        f"  precision  {_share(best.harvested, inside)} of the exchanges named are the campaign's; {best.customers:,} "
        f"are of the pool's paying customers, {best.own_exchanges:,} of yours"
    )
    return "\n".join(lines)


def _leak(watched: Watched) -> str:
    leak = watched.leak
    if leak is None:
        return ""
    tokens = f", {leak.leaked_tokens:,} tokens" if leak.tokens else ""
    if leak.reported_as is None or leak.hours is None:
        scans = f"in none of {len(watched.prefixes)} scans as the log grew"
        return f"when\n  {scans}; all {leak.exchanges:,} exchanges leaked{tokens}"
    lines = [
        f"when\n  named {leak.hours:,.1f} h after its first exchange; by then at most {leak.leaked_exchanges:,} of "
        f"{leak.exchanges:,} exchanges had leaked{tokens}",
        f"  at the scan before, {leak.before_hours:,.1f} h after, it was not: "
        f"{leak.before_exchanges:,} exchanges had leaked",
    ]
    if watched.outcome in (MISSED, WEAKER):
        lines.append("  the scan of the whole log names it no longer: it stands at the edge of what is named")
    return "\n".join([*lines, f"  {RESOLUTION}"])


def _own(watched: Watched) -> str:
    best = watched.best
    if best is None or not best.own_accounts:
        return "your own accounts\n  none was drawn into it" if best is not None else ""
    fresh = len(best.own_accounts) - best.own_named_before
    listed = ", ".join(best.own_accounts[:_LISTED]) + (" …" if len(best.own_accounts) > _LISTED else "")
    return (
        f"your own accounts\n  {len(best.own_accounts)} were drawn into it, {fresh} of them in no campaign before: "
        f"{listed}\n"
        "  look whether they are honest before you call that an error"
    )


def _signals(watched: Watched) -> str:
    evidence = watched.best.evidence if watched.best is not None else ()
    lines = [
        f"  {e['log10_e']:>8.1f}  {e['signal']:<24} {e['axis']:<12} {e['summary']}"
        for e in evidence
        if e["log10_e"] >= TELLING
    ]
    spoke = ["signals that spoke (log10 e)", *(lines or ["  none"])]
    silent = [
        f"  {s.signal:<24} lacks {', '.join(s.fields) or 'a field in most rows'}" for s in watched.silent
    ]
    return "\n".join([*spoke, *(["signals that were silent for want of columns", *silent] if silent else [])])


def _before(watched: Watched) -> str:
    before, beside = watched.before, watched.elsewhere
    told = "before planting\n  the scan of the untouched log names " + (_counts(before) or "nothing")
    if len(beside) != len(before):
        told += f"\n  with the campaign in it, it names {_counts(beside) or 'nothing'} beside it"
    lines = [
        f"  {n.verdict} {n.campaign_id}, {n.confidence}: {n.accounts} accounts, {n.exchanges:,} exchanges"
        for n in before
    ]
    more = [f"  and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
    return "\n".join([told, *lines[:_LISTED], *more])


def _counts(named: Sequence[Named]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in Counter(n.verdict for n in named).items())


def _share(hits: int, of: int) -> str:
    return f"{hits:,} of {of:,} ({Share(hits, of)})" if of else "0 of 0"


def _moment(microseconds: int) -> str:
    return f"{datetime.fromtimestamp(microseconds // 1_000_000, UTC):%Y-%m-%d %H:%M}"
