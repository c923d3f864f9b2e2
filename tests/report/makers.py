"""Plausible scan results; a test says only what matters to it. All figures and names are invented."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from stillwatch.campaigns.judging.axes import CONTENT, SOUGHT, compose
from stillwatch.campaigns.model import (
    Campaign,
    CapabilityShare,
    Enough,
    Examined,
    FieldCoverage,
    Grounds,
    InnocentReading,
    Lack,
    Member,
    MemberGrounds,
    Recommendation,
    ScanResult,
    Tie,
    ValueAtRisk,
    Without,
    WorkloadShown,
)
from stillwatch.evidence.composition import Part
from stillwatch.evidence.row import Evidence
from stillwatch.report.writers import ACCOUNTS_SCHEMA, EXCHANGES_SCHEMA, WORKLOADS_SCHEMA

START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)

CONTENT_SIGNALS = frozenset({*CONTENT, *SOUGHT})
SIGNALS = ("retry_handed_over", "conversation_carried_over", "answers_passed_on", "shared_artefacts")


def evidence(**said: Any) -> Evidence:
    """One plausible evidence row."""
    row: dict[str, Any] = {
        "signal": "retry_handed_over",
        "axis": "coordination",
        "block": "timing",
        "log10_e": 6.4,
        "null": "unrelated accounts send the same prompt within seconds of another's 429 only by chance",
        "observed": "41 retries handed over, median 0.1 s after the refusal",
        "expected": "0.03 by chance at these accounts' rates",
        "n": 41,
        "fields": ("status", "time", "messages"),
        "summary": "41 requests that were refused on one account were sent again on another within a second.",
    }
    return Evidence(**(row | said))


def pool_evidence() -> tuple[Evidence, ...]:
    """Evidence for a pool on all three axes, several rows in one block."""
    return (
        evidence(),
        evidence(
            signal="conversation_carried_over",
            block="responses",
            log10_e=9.2,
            null="a long sampled answer shows up as another account's history only if the text is public",
            observed="212 answers continued by another account",
            expected="none; 3 excused as public text",
            n=212,
            fields=("messages", "output"),
            summary="212 conversations began on one account and were continued on another.",
        ),
        evidence(
            signal="answers_passed_on",
            block="responses",
            log10_e=4.1,
            null="an answer turns up inside another account's prompt only if the text is public",
            observed="57 answers graded by another account",
            expected="0.4",
            n=57,
            fields=("messages", "output"),
            summary="57 answers given to one account were sent to be graded from another.",
        ),
        evidence(
            signal="shared_artefacts",
            block="client",
            log10_e=1.3,
            null="accounts share a client print as often as unrelated accounts do",
            observed="one TLS and header print on all 9 accounts",
            expected="shared by 4 % of unrelated pairs",
            n=36,
            fields=("ja4", "header_hash", "user_agent"),
            summary="All accounts show one client print, over contents that differ.",
        ),
        evidence(
            signal="capability_concentration",
            axis="extraction",
            block="content",
            log10_e=7.9,
            null="the accounts' mix of capabilities is a draw from the benign mix of their segment",
            observed="91 % grading against a rubric",
            expected="3 % (benign segment, 95 % below 22 %)",
            n=2310,
            fields=("system", "messages"),
            summary="Nine requests in ten ask for scores against a rubric; honest accounts rarely pass two.",
        ),
        evidence(
            signal="harvest_shape",
            axis="extraction",
            block="responses",
            log10_e=5.2,
            null="conversation shape is a draw from benign accounts of the same size",
            observed="1.0 turns, no follow-ups, 99 % distinct prompts",
            expected="2.7 turns, 31 % follow-ups",
            n=2310,
            fields=("messages", "max_tokens"),
            summary="One turn each, never a follow-up, every prompt different, answers of one outline.",
        ),
        evidence(
            signal="contradicting_identities",
            axis="evasion",
            block="payment",
            log10_e=5.4,
            null="accounts of one operator declare it as often as in benign segments",
            observed="9 organisations, 9 cards, 7 mail domains",
            expected="1 organisation for accounts tied this closely",
            n=9,
            fields=("accounts.org_id", "accounts.payment_fp", "accounts.email_domain"),
            summary="Nine accounts tied this closely declare nine organisations and nine cards.",
        ),
        evidence(
            signal="address_churn",
            axis="evasion",
            block="network",
            log10_e=2.2,
            null="addresses change as often as for benign accounts of the same size",
            observed="312 addresses in 40 hours",
            expected="6",
            n=312,
            fields=("ip", "asn"),
            summary="The accounts came from 312 addresses in 40 hours through residential proxies.",
        ),
    )


def pool_counter_evidence() -> tuple[Evidence, ...]:
    """Counter-evidence of a pool: one row that weighs something, one that hardly does."""
    return (
        evidence(
            signal="public_tool",
            axis="extraction",
            block="content",
            log10_e=-1.6,
            null="the workload is a public tool",
            observed="4 unrelated accounts use a workload within half the shingles",
            expected="0 for a private template, dozens for a public one",
            n=4,
            fields=("system",),
            summary="The grading template resembles one that four unrelated accounts use.",
        ),
        evidence(
            signal="human_rhythm",
            axis="coordination",
            block="timing",
            log10_e=-0.4,
            null="activity follows a person's day",
            observed="two accounts pause at night",
            expected="all or none",
            n=2,
            fields=("time",),
            summary="Two of the accounts pause for the same eight hours every day.",
        ),
    )


def campaign(accounts: int = 9, seed: int = 7, buckets: int = 40, **said: Any) -> Campaign:
    """One plausible pool: members, ties, activity, workloads, evidence for and against."""
    rng = random.Random(seed)
    ids = [f"acct_{rng.getrandbits(32):08x}" for _ in range(accounts)]
    members = tuple(_member(who, rng) for who in ids)
    exchanges = sum(m.campaign_exchanges for m in members)
    record: dict[str, Any] = {
        "campaign_id": f"C-{seed:04x}-k3q9",
        "verdict": "distillation_campaign",
        "confidence": "likely",
        "log10_e": 7.3,
        "axes": {"coordination": 16.8, "extraction": 11.5, "evasion": 7.3},
        "capabilities": (
            CapabilityShare("rubric_grading", int(exchanges * 0.91), 0.91),
            CapabilityShare("instruction_generation", int(exchanges * 0.06), 0.06),
            CapabilityShare("general", exchanges - int(exchanges * 0.91) - int(exchanges * 0.06), 0.03),
        ),
        "accounts": members,
        "exchanges": exchanges,
        "first_seen": START,
        "last_seen": START + timedelta(hours=buckets),
        "models": ("orion-4-large", "orion-4-mini"),
        "platforms": ("direct", "gateway:litellm"),
        "value_at_risk": ValueAtRisk(
            exchanges * 1210, exchanges * 840, exchanges * 310, int(exchanges * 0.99)
        ),
        "evidence": pool_evidence(),
        "counter_evidence": pool_counter_evidence(),
        "recommended": (
            Recommendation("slow", "campaign streams", "no honest traffic shares these streams"),
            Recommendation("verify", "9 accounts", "their declared identities contradict each other"),
        ),
        "atlas": ("AML.T0024.002", "AML.T0040"),
        "ties": _ties(ids, rng),
        "workloads": _workloads(accounts),
        "timeline": _timeline(members, rng, buckets),
        "caps": ("one step lower: no accounts table, so hiding rests on what the log itself shows",),
        "member_grounds": tuple(
            MemberGrounds(m.account_id, {"responses": 4.1, "timing": -0.2}, i % 4)
            for i, m in enumerate(members)
        ),
    }
    record["grounds"] = grounds(
        said.get("evidence", pool_evidence()), said.get("counter_evidence", pool_counter_evidence())
    )
    return Campaign(**(record | said))


def grounds(rows: tuple[Evidence, ...], counter: tuple[Evidence, ...] = (), **said: Any) -> Grounds:
    """Grounds of a campaign that one signal decides, composed of these rows; one innocent reading."""
    # the signals of these makers are invented: only such as the judging knows may stand on the extraction axis
    known = [
        r for r in rows if r.axis != "extraction" or r.block == "responses" or r.signal in CONTENT_SIGNALS
    ]
    record: dict[str, Any] = {
        "needed": {"coordination": 3.5, "extraction": 1.5, "evasion": 2.4},
        "steps_from": 1.5,
        "composition": {axis: _shortened(tree) for axis, tree in compose(known, counter, 0.8).items()},
        "without": (
            Without("row", ("contradicting_identities",), "related_accounts", "high"),
            Without("row", ("retry_handed_over",), "distillation_campaign", "suspected"),
            Without("block", ("harvest_shape", "conversation_carried_over"), None, None, "responses"),
            Without("smallest", ("contradicting_identities",), "related_accounts", "high"),
            Without("against", ("public_tool",), "distillation_campaign", "high"),
        ),
        "enough": (Enough("scattered_network", "evasion", "network", 3.1, silent=True),),
        "readings": (reading(),),
    }
    return Grounds(**(record | said))


def _shortened(part: Part) -> Part:
    """Return a tree with its figures as files hold them."""
    weight = None if part.weight is None else round(part.weight, 4)
    parts = tuple(map(_shortened, part.parts))
    return replace(part, log10_e=round(part.log10_e, 4) + 0.0, weight=weight, parts=parts)


def reading(**said: Any) -> InnocentReading:
    """One innocent reading that explains a part."""
    record: dict[str, Any] = {
        "slug": "one_firm",
        "title": "One firm with several departments",
        "says": "The accounts belong to one customer who never said so.",
        "fit": -4.2,
        "left": {"coordination": 0.0, "extraction": 3.1},
        "explains": ("conversation_carried_over", "retry_handed_over"),
        "speaks_for": ("public_tool",),
        "unexplained": ("harvest_shape",),
        "missing": ("declared_organisation",),
        "check": ("Do invoices lead to one customer?",),
    }
    return InnocentReading(**(record | said))


def _member(who: str, rng: random.Random) -> Member:
    ours = rng.randint(120, 400)
    other = rng.choice((0, 0, 0, rng.randint(10, 300)))
    return Member(
        who, ours + other, ours, round(ours / (ours + other) * 0.97, 4), round(rng.uniform(2, 9), 2)
    )


def _ties(ids: list[str], rng: random.Random) -> tuple[Tie, ...]:
    ties = []
    for i, a in enumerate(ids[1:], 1):
        for _ in range(rng.choice((1, 1, 2, 3))):
            signal = rng.choice(SIGNALS)
            ties.append(
                Tie(ids[rng.randrange(i)], a, signal, rng.randint(1, 60), round(rng.uniform(0.5, 6), 2))
            )
    return tuple(ties)


def _workloads(accounts: int) -> tuple[WorkloadShown, ...]:
    grading = (
        "You are a strict grader. Score the answer below from 1 to 10 against this rubric: ⟨…⟩\n\n"
        'Question: ⟨…⟩\nAnswer: ⟨…⟩\n\nReply with JSON: {"score": <int>, "why": <string>}'
    )
    return (
        WorkloadShown("W-9f21ac", 2102, accounts, False, "rubric_grading", grading),
        WorkloadShown("W-03be77", 139, max(1, accounts - 3), False, "instruction_generation", None),
        WorkloadShown("W-7711d0", 69, 4, True, None, "Summarise the following text: ⟨…⟩"),
    )


def _timeline(members: tuple[Member, ...], rng: random.Random, buckets: int) -> tuple[Any, ...]:
    rows = []
    for member in members:
        start, weight = rng.randint(0, 4), member.campaign_exchanges / buckets
        for hour in range(start, buckets):
            ours = int(weight * rng.uniform(0.3, 1.7)) if (hour // 9) % 4 != 3 else 0
            other = rng.randint(0, 9) if member.exchanges > member.campaign_exchanges and hour % 24 < 9 else 0
            if ours or other:
                rows.append((member.account_id, START + timedelta(hours=hour), ours, other))
    return tuple(rows)


def examined(**said: Any) -> Examined:
    """One group that was tested and found innocent."""
    record: dict[str, Any] = {
        "name": "Evaluation harness, 3 accounts",
        "accounts": 3,
        "exchanges": 1900,
        "axes": {"coordination": 5.2, "extraction": 3.9, "evasion": -1.1},
        "reason": "It extracts and is coordinated, but declares one organisation and hides nothing: "
        "evidence on the evasion axis is below chance.",
        "counter_evidence": (
            evidence(
                signal="declared_common_organisation",
                axis="evasion",
                block="registration",
                log10_e=-3.0,
                observed="all three accounts declare org_41",
                summary="The three accounts openly belong to one organisation.",
            ),
        ),
        "grounds": grounds(
            (),
            without=(
                Without("against", ("declared_common_organisation",), "distillation_campaign", "suspected"),
            ),
            lacks=(
                Lack("distillation_campaign", "axis", "evasion", 3.5),
                Lack("distillation_campaign", "size"),
                Lack("resale_pool", "tie"),
            ),
        ),
    }
    return Examined(**(record | said))


def coverage() -> tuple[FieldCoverage, ...]:
    """Coverage of a log without connection ids, reasoning blocks and accounts table."""
    handed = ("answers_passed_on", "conversation_carried_over")
    return (
        FieldCoverage("messages", 1.0, (*handed, "rare_template", "retry_handed_over")),
        FieldCoverage("output", 0.96, handed),
        FieldCoverage("status", 1.0, ("retry_handed_over",)),
        FieldCoverage("reasoning_ref", 0.0, ("reasoning_replay",)),
        FieldCoverage("ttft_ms", 0.0, ()),
        FieldCoverage("ip", 0.52, ("scattered_registration",)),
        FieldCoverage("conn_id", 0.0, ("shared_artefacts",)),
        FieldCoverage("ja4", 0.998, ("uniform_client",)),
        FieldCoverage("accounts.payment_fp", 0.0, ("scattered_registration", "shared_artefacts")),
        FieldCoverage("accounts.declared_use", 0.0, ("declared_use",)),
    )


def run(**said: Any) -> dict[str, Any]:
    """What a pipeline says about its run."""
    facts: dict[str, Any] = {
        "version": "0.1.0",
        "options": {
            "detection": {"false_discovery_rate": 0.05, "min_accounts": 5},
            "text": {"retention_days": 0},
            "run": {"threads": 2, "secret_file": "deployment.secret"},
        },
        "false_discovery_rate": 0.05,
        "cut_log10_e": 2.2,
        "inputs": [
            {"file": "gateway-2026-11-02.jsonl.zst", "format": "canonical", "exchanges": 4120, "rejected": 3},
            {"file": "gateway-2026-11-03.jsonl.zst", "format": "litellm", "exchanges": 2222, "rejected": 0},
        ],
        "exchanges": 6342,
        "accounts": 163,
        "rejected": {"time: not a time with an offset": 2, "account_id: absent": 1},
        "duplicates": 4,
        "timings": {"read": 0.41, "sketch": 0.82, "link": 0.2},
        "peak_memory_bytes": 412_000_000,
        "secret_id": "k-5d1e",
    }
    return facts | said


def result(campaigns: tuple[Campaign, ...] | None = None, **said: Any) -> ScanResult:
    """A scan's result with consistent tables; one campaign unless told otherwise."""
    found = (campaign(),) if campaigns is None else campaigns
    record: dict[str, Any] = {
        "campaigns": found,
        "exchanges": _exchanges(found),
        "accounts": _accounts(found),
        "workloads": _workload_table(found),
        "examined": (examined(),),
        "coverage": coverage(),
        "run": run(),
    }
    return ScanResult(**(record | said))


def three() -> tuple[Campaign, ...]:
    """Three campaigns of three verdicts."""
    lone = campaign(
        accounts=1,
        seed=11,
        verdict="bulk_extraction",
        confidence="consistent_with",
        log10_e=4.6,
        axes={"coordination": 0.0, "extraction": 4.6, "evasion": -0.3},
        ties=(),
        evidence=tuple(e for e in pool_evidence() if e.axis == "extraction"),
        counter_evidence=(),
        caps=(),
        atlas=(),
    )
    resale = campaign(
        accounts=23,
        seed=12,
        verdict="resale_pool",
        confidence="suspected",
        log10_e=2.9,
        axes={"coordination": 12.1, "extraction": -0.8, "evasion": 2.9},
        evidence=tuple(e for e in pool_evidence() if e.axis != "extraction"),
        capabilities=(CapabilityShare("general", 4000, 0.62), CapabilityShare("agentic_coding", 2400, 0.38)),
    )
    axes: dict[Any, float] = {"coordination": 16.8, "extraction": 11.5, "evasion": 8.9}
    return (lone, resale, campaign(confidence="high", log10_e=8.9, axes=axes, caps=()))


def _exchanges(found: tuple[Campaign, ...]) -> pa.Table:
    rows = [
        {
            "exchange_id": f"{c.campaign_id}-{m.account_id}-{i}",
            "account_id": m.account_id,
            "campaign_id": c.campaign_id,
            "workload_id": c.workloads[0].workload_id if c.workloads else None,
            "capability": c.capabilities[0].capability if c.capabilities else None,
        }
        for c in found
        for m in c.accounts[:20]
        for i in range(3)
    ]
    return pa.Table.from_pylist(rows, schema=EXCHANGES_SCHEMA)


def _accounts(found: tuple[Campaign, ...]) -> pa.Table:
    honest = [
        {
            "account_id": f"honest_{i:03d}",
            "verdict": "none",
            "exchanges": 12 + i,
            "campaign_exchanges": 0,
            "share_lower": 0.0,
            "log10_e": -0.2,
        }
        for i in range(20)
    ]
    members = [
        {
            "account_id": m.account_id,
            "verdict": c.verdict,
            "campaign_id": c.campaign_id,
            "exchanges": m.exchanges,
            "campaign_exchanges": m.campaign_exchanges,
            "share_lower": m.share_lower,
            "log10_e": m.log10_e,
        }
        for c in found
        for m in c.accounts
    ]
    return pa.Table.from_pylist(honest + members, schema=ACCOUNTS_SCHEMA)


def _workload_table(found: tuple[Campaign, ...]) -> pa.Table:
    rows = [
        {
            "workload_id": w.workload_id,
            "exchanges": w.exchanges,
            "accounts": w.accounts,
            "first_seen": START,
            "last_seen": START + timedelta(hours=9),
            "capability": w.capability,
            "public": w.public,
        }
        for w in {w.workload_id: w for c in found for w in c.workloads}.values()
    ]
    return pa.Table.from_pylist(rows, schema=WORKLOADS_SCHEMA)
