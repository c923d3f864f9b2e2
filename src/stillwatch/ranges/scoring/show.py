"""A score as text for a person: the totals first, then campaigns, kinds, verdicts and the promises."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.ranges.scoring.calibration import Calibration
from stillwatch.ranges.scoring.enforcement import Enforcement
from stillwatch.ranges.scoring.groups import ENOUGH, Group
from stillwatch.ranges.scoring.linking import Linking
from stillwatch.ranges.scoring.natures import ACCUSES, NATURES
from stillwatch.ranges.scoring.score import Score
from stillwatch.ranges.scoring.shares import Share

SHOWN = 20  # reported campaigns that are listed


def render(score: Score) -> str:
    """Return the score as text, without markup, its tables aligned."""
    parts = [_summary(score), _campaigns(score), _reported(score)]
    parts += [_groups("role", score.roles), _groups("kind", score.kinds)]
    parts += [_verdicts(score), _calibration(score.calibration)]
    return "\n\n".join(part for part in parts if part)


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return a table in aligned columns, the first `left` of them flush left, the others flush right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = (
            c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([line(head), *(line(row) for row in rows)])


def number(value: float | None, pattern: str = ".3f") -> str:
    """Return a number, a dash where there is none."""
    return "–" if value is None else format(value, pattern)


def _with_interval(share: Share) -> str:
    if not share.of:
        return "–"
    low, high = share.interval
    return f"{share} ({share.hits:,} of {share.of:,}; {low:.1%} to {high:.1%})"


def _summary(score: Score) -> str:
    states = ", ".join(f"{name} {n}" for name, n in score.states.items())
    of = "" if score.by_exchange else " (no exchanges attributed: all of an account's count)"
    lines = [
        f"campaigns            {states}; false {score.false}",
        f"accounts found       {_with_interval(score.total.account_recall)}",
        f"  with {ENOUGH} or more     {_with_interval(score.busy_accounts)}",
        f"accounts rightly     {_with_interval(score.total.account_precision)}",
        f"exchanges found      {_with_interval(score.total.exchange_recall)}{of}",
        f"exchanges rightly    {_with_interval(score.total.exchange_precision)}",
        f"customers drawn in   {_with_interval(score.mixed_customers)} of mixed accounts' honest exchanges",
        f"linking              {_linking(score.linking)}",
        f"wrongly enforced     {_enforcement(score.enforcement)}",
    ]
    if score.unknown_accounts or score.unknown_exchanges:
        lines.append(
            f"not in the truth     {score.unknown_accounts:,} accounts, {score.unknown_exchanges:,} exchanges"
        )
    return "\n".join(lines)


def _linking(found: Linking) -> str:
    return (
        f"pairs {number(found.pair_precision)} precision, {number(found.pair_recall)} recall; "
        f"B-cubed {number(found.bcubed_precision)} precision, {number(found.bcubed_recall)} recall, "
        f"F1 {number(found.bcubed_f1)}"
    )


def _enforcement(found: Enforcement) -> str:
    text = f"{found.wrong.hits:,} of {found.wrong.of:,} honest accounts at {found.confidence} or above"
    if found.per_million is None:
        return f"{text}; at most {found.share_at_most:.2%} of accounts (the log's span is unknown)"
    return f"{text}, {found.per_million:,.0f} per million account-months, at most {found.per_million_at_most:,.0f}"


def _campaigns(score: Score) -> str:
    if not score.campaigns:
        return "no campaign in the truth"
    rows = [
        [c.campaign, c.state, c.nature, str(c.accounts.of), str(c.accounts),
         str(c.account_precision), f"{c.attributed.of:,}", str(c.attributed), str(c.precision)]
        for c in score.campaigns
    ]  # fmt: skip
    unit = "exch." if score.by_exchange else "counted"
    head = ["true campaign", "state", "nature", "acc.", "recall", "prec.", unit, "recall", "prec."]
    return columns(head, rows, left=3)


def _reported(score: Score) -> str:
    rows = [
        [r.campaign_id, r.verdict, r.confidence, number(r.log10_e, ".1f"), str(r.accounts.of),
         f"{r.harvested.of:,}", "FALSE" if r.wrong and r.verdict == ACCUSES else "wrong" if r.wrong else ""]
        for r in score.reported
    ]  # fmt: skip
    if not rows:
        return "nothing reported"
    more = f"\nand {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
    head = ["reported", "verdict", "confidence", "log10 e", "acc.", "holds", ""]
    return columns(head, rows[:SHOWN], left=3) + more


def _groups(what: str, groups: Sequence[Group]) -> str:
    rows = [
        [g.name, f"{g.accounts:,}", f"{g.accused:,}", f"{g.exchanges:,}", f"{g.harvested:,}",
         str(g.exchange_recall), str(g.exchange_precision), str(g.wrongly_attributed)]
        for g in groups
    ]  # fmt: skip
    head = [what, "acc.", "accused", "exch.", "harvested", "recall", "prec.", "drawn in"]
    return columns(head, rows) if rows else ""


def _verdicts(score: Score) -> str:
    rows = [
        [r.nature, r.kind, *(f"{r.verdicts[v]:,}" if v in r.verdicts else "" for v in NATURES), str(r.right)]
        for r in score.verdicts
    ]
    return columns(["truly", "kind", *(v.replace("_", " ") for v in NATURES), "right"], rows, left=2)


def _calibration(found: Calibration) -> str:
    tables = []
    if found.decades:
        rows = [
            [d.verdict, f"1e{d.decade}", str(d.groups), str(d.wrong), str(d.wrong_above),
             number(d.allowed_above, ".2g"), "contradicted" if d.contradicted else ""]
            for d in found.decades
        ]  # fmt: skip
        head = ["groups reported as", "e from", "groups", "wrong", "wrong above", "allowed", ""]
        tables.append(columns(head, rows))
    if found.levels:
        rows = [
            [f"{v.alpha:g}", _with_interval(v.above), "contradicted" if v.contradicted else ""]
            for v in found.levels
        ]
        head = ["alpha", "unrelated honest accounts with e >= 1/alpha", ""]
        tables.append(columns(head, rows, left=3) + f"\nmean e of them: {number(found.mean_e)}")
    return "\n\n".join(tables)
