"""Score the results of a scan against the truth of its log.

    python benchmarks/score.py RESULTS TRUTH [--json FILE]

RESULTS is the folder a scan wrote, TRUTH the folder with truth and truth_accounts (Parquet or JSONL).
One table by kind of traffic (what each account was held to be, and how many of its exchanges were attributed
to an accusing campaign), one by true campaign (found, missed, split, merged), and the totals.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

VERDICTS = ("distillation_campaign", "resale_pool", "bulk_extraction", "related_accounts", "none")
ACCUSES = "distillation_campaign"


@dataclass
class KindScore:
    """One kind of traffic: accounts by verdict, exchanges, and those attributed to an accusing campaign."""

    kind: str
    campaign: bool
    accounts: dict[str, int] = field(default_factory=dict)
    exchanges: int = 0
    attributed: int = 0


@dataclass
class CampaignScore:
    """One true campaign: the reported ones that hold its exchanges, and how well the largest does."""

    campaign: str
    accounts: int
    exchanges: int
    state: str  # found | split | merged | as VERDICT | missed
    verdicts: list[str]
    recall: float  # of its exchanges, in any accusing campaign
    precision: float  # of the exchanges in the reported campaigns that hold it


@dataclass
class Score:
    """Everything counted."""

    kinds: list[KindScore]
    campaigns: list[CampaignScore]
    others: list[dict[str, Any]]  # reported, though most of their exchanges belong to no true campaign
    totals: dict[str, float]


def read_table(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of NAME.parquet, NAME.jsonl, .jsonl.zst or .jsonl.gz of a folder."""
    parquet = folder / f"{name}.parquet"
    if parquet.exists():
        rows: list[dict[str, Any]] = pq.read_table(parquet).to_pylist()
        return rows
    for ending in ("", ".zst", ".gz"):
        path = folder / f"{name}.jsonl{ending}"
        if path.exists():
            with pa.input_stream(str(path), compression="detect") as source:
                return [orjson.loads(line) for line in source.read().split(b"\n") if line]
    raise SystemExit(
        f"{folder}: no {name}.parquet or {name}.jsonl in it; give the folder that holds the {name}"
    )


def score(results: Path, truth: Path) -> Score:
    """Compare a results folder with a truth folder."""
    rows = read_table(truth, "truth")
    campaigns = json.loads((results / "campaigns.json").read_text(encoding="utf-8"))
    verdict_of = {c["campaign_id"]: c["verdict"] for c in campaigns}
    attributed: dict[str, set[str]] = defaultdict(set)
    for row in read_table(results, "exchanges"):
        attributed[row["exchange_id"]].add(row["campaign_id"])
    held = _verdicts_of_accounts(read_table(results, "accounts"))
    accusing = {i for i, v in verdict_of.items() if v == ACCUSES}
    others = _others(campaigns, rows, attributed)
    by_campaign = [_campaign(name, part, attributed, verdict_of) for name, part in _true_campaigns(rows)]
    _mark_merged(by_campaign, rows, attributed, accusing)
    return Score(
        kinds=_kinds(rows, attributed, accusing, held),
        campaigns=by_campaign,
        others=others,
        totals=_totals(rows, attributed, accusing, by_campaign, campaigns)
        | {"false": sum(o["false"] for o in others)},
    )


def _verdicts_of_accounts(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return the gravest verdict of each account."""
    held: dict[str, str] = {}
    for row in rows:
        verdict = row["verdict"] or "none"
        old = held.get(row["account_id"], "none")
        held[row["account_id"]] = min(old, verdict, key=VERDICTS.index)
    return held


def _true_campaigns(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.get("campaign"):
            found[row["campaign"]].append(row)
    return sorted(found.items())


def _kinds(
    rows: list[dict[str, Any]], attributed: dict[str, set[str]], accusing: set[str], held: dict[str, str]
) -> list[KindScore]:
    scores: dict[tuple[bool, str], KindScore] = {}
    members: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for row in rows:
        key = (row.get("campaign") is not None, row["kind"])
        part = scores.setdefault(key, KindScore(row["kind"], key[0]))
        part.exchanges += 1
        part.attributed += bool(attributed.get(row["exchange_id"], set()) & accusing)
        members[key].add(row["account_id"])
    for key, part in scores.items():
        counted = Counter(held.get(a, "none") for a in members[key])
        part.accounts = {v: counted[v] for v in VERDICTS if counted[v]}
    return [scores[key] for key in sorted(scores)]


def _campaign(
    name: str, rows: list[dict[str, Any]], attributed: dict[str, set[str]], verdict_of: dict[str, str]
) -> CampaignScore:
    hits = Counter(c for row in rows for c in attributed.get(row["exchange_id"], ()))
    # A reported campaign holds the true one if it has a twentieth of its exchanges; less is a stray match.
    holders = [c for c, n in hits.most_common() if n >= max(2, len(rows) / 20)]
    accusing = [c for c in holders if verdict_of.get(c) == ACCUSES]
    verdicts = [verdict_of.get(c, "?") for c in holders]
    state = "missed"
    if accusing:
        state = "found" if len(accusing) == 1 else "split"
    elif verdicts:
        state = f"as {verdicts[0]}"
    inside = sum(1 for r in rows if attributed.get(r["exchange_id"], set()) & set(accusing))
    all_inside = sum(1 for held in attributed.values() if held & set(accusing))
    return CampaignScore(
        campaign=name,
        accounts=len({r["account_id"] for r in rows}),
        exchanges=len(rows),
        state=state,
        verdicts=verdicts,
        recall=inside / len(rows),
        precision=inside / all_inside if all_inside else 0.0,
    )


def _mark_merged(
    scores: list[CampaignScore],
    rows: list[dict[str, Any]],
    attributed: dict[str, set[str]],
    accusing: set[str],
) -> None:
    """Mark campaigns that share their main reported campaign with another true one."""
    main: dict[str, str] = {}
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.get("campaign"):
            hits[row["campaign"]].update(attributed.get(row["exchange_id"], set()) & accusing)
    for name, counted in hits.items():
        if counted:
            main[name] = counted.most_common(1)[0][0]
    shared = Counter(main.values())
    for part in scores:
        if part.state in ("found", "split") and shared[main[part.campaign]] > 1:
            part.state = "merged"


def _others(
    campaigns: list[dict[str, Any]], rows: list[dict[str, Any]], attributed: dict[str, set[str]]
) -> list[dict[str, Any]]:
    """Return reported campaigns most of whose exchanges belong to no true campaign.

    False is only one that accuses: a resale pool reported as such, or related accounts, are what they are.
    """
    true: Counter[str] = Counter()
    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for held in attributed.get(row["exchange_id"], ()):
            total[held] += 1
            true[held] += row.get("campaign") is not None
            kinds[held][row["kind"]] += 1
    return [
        {
            "campaign_id": c["campaign_id"],
            "false": c["verdict"] == ACCUSES,
            "verdict": c["verdict"],
            "confidence": c["confidence"],
            "accounts": len(c["accounts"]),
            "exchanges": total[c["campaign_id"]],
            "kinds": dict(kinds[c["campaign_id"]].most_common(4)),
        }
        for c in campaigns
        if true[c["campaign_id"]] * 2 < max(total[c["campaign_id"]], 1)
    ]


def _totals(
    rows: list[dict[str, Any]],
    attributed: dict[str, set[str]],
    accusing: set[str],
    scores: list[CampaignScore],
    campaigns: list[dict[str, Any]],
) -> dict[str, float]:
    harvest = {r["exchange_id"] for r in rows if r.get("campaign")}
    accused = {e for e, held in attributed.items() if held & accusing}
    hit = len(harvest & accused)
    states = Counter(s.state for s in scores)
    return {
        "exchanges": len(rows),
        "harvested": len(harvest),
        "attributed": len(accused),
        "precision": hit / len(accused) if accused else 1.0,
        "recall": hit / len(harvest) if harvest else 1.0,
        "campaigns": len(scores),
        "found": states["found"] + states["split"] + states["merged"],
        "split": states["split"],
        "merged": states["merged"],
        "reported": sum(c["verdict"] == ACCUSES for c in campaigns),
    }


def show(found: Score) -> str:
    """Return the tables as text."""
    lines = [f"{'kind':34}{'exch.':>8}{'attrib.':>9}{'share':>7}  accounts by verdict"]
    for kind in found.kinds:
        share = kind.attributed / kind.exchanges
        held = ", ".join(f"{v} {n}" for v, n in kind.accounts.items())
        name = ("* " if kind.campaign else "  ") + kind.kind
        lines.append(f"{name:34}{kind.exchanges:8}{kind.attributed:9}{share:7.1%}  {held}")
    lines += ["(* harvest)", "", f"{'campaign':28}{'acc.':>6}{'exch.':>8}{'recall':>8}{'prec.':>7}  state"]
    for part in found.campaigns:
        lines.append(
            f"{part.campaign:28}{part.accounts:6}{part.exchanges:8}{part.recall:8.1%}{part.precision:7.1%}"
            f"  {part.state}"
        )
    lines.append("")
    for other in found.others:
        what = ", ".join(f"{k} {n}" for k, n in other["kinds"].items())
        lines.append(
            f"{'FALSE' if other['false'] else 'also reported'}: {other['campaign_id']} {other['verdict']} "
            f"({other['confidence']}), {other['accounts']} accounts, {what}"
        )
    lines.append(
        "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in found.totals.items())
    )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--json", type=Path, help="write the score here too")
    chosen = parser.parse_args(arguments)
    found = score(chosen.results, chosen.truth)
    print(show(found))
    if chosen.json:
        chosen.json.write_text(json.dumps(asdict(found), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
