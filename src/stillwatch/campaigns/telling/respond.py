"""What a finding calls for: confidence in words, recommended steps, and the framework's technique ids."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.model import CONFIDENCES, STEPS, Confidence, Recommendation, Verdict
from stillwatch.evidence.group import Population

SPEAKING = 1.0  # log10 e from which a row shows by itself that accounts belong together

STREAMS = "the campaign's streams"

# MITRE ATLAS (2026.05): extraction through the inference API, by accounts set up or relayed for it.
ATLAS: dict[Verdict, tuple[str, ...]] = {
    "distillation_campaign": ("AML.T0008.005", "AML.T0021", "AML.T0024.002", "AML.T0040", "AML.T0048.004"),
    "resale_pool": ("AML.T0008.005", "AML.T0021", "AML.T0040"),
    "bulk_extraction": ("AML.T0024.002", "AML.T0040"),
    "related_accounts": (),
}


def lowered(finding: Finding, population: Population) -> tuple[str, ...]:
    """Return why confidence is a step lower than the numbers alone, in words; empty where it is not."""
    reasons = []
    if finding.verdict != "related_accounts" and not population.has_accounts_table:
        reasons.append(
            "there is no accounts table: that the accounts hide their relation rests on the log alone"
        )
    coordination = [r for r in finding.judged.evidence if r.axis == "coordination"]
    speaking = [r for r in coordination if r.log10_e >= SPEAKING]
    if finding.verdict != "bulk_extraction" and len({row.signal for row in speaking}) == 1:
        reasons.append(f"one signal alone, {speaking[0].signal}, shows that the accounts belong together")
    return tuple(reasons)


def confidence(finding: Finding, reasons: Sequence[str]) -> Confidence:
    """Return the word for the evidence above the cut (`STEPS`), one step lower where there is a reason.

    One step, however many reasons there are, and never below the first word.
    """
    above = finding.log10_e - finding.cut
    level = max(i for i, step in enumerate(STEPS) if above >= step or i == 0)
    return CONFIDENCES[max(level - bool(reasons), 0)]


# (least confidence, step), mildest first, for the streams of a campaign
ON_STREAMS: tuple[tuple[Confidence, Recommendation], ...] = (
    ("suspected", Recommendation("slow", STREAMS, "limits what leaves while a person looks")),
    ("consistent_with", Recommendation("reduce", STREAMS, "give no reasoning and no log-probabilities")),
    ("high", Recommendation("refuse", STREAMS, "the evidence is far above the cut")),
)
ALONE = (
    Recommendation("observe", "the account's stream", "one account that harvests is a matter for review"),
    Recommendation("verify", "the account", "ask what the answers are for; it may be agreed or declared"),
)


def recommend(finding: Finding, sure: Confidence, suspendable: int) -> tuple[Recommendation, ...]:
    """Return the steps to take, mildest first; `suspendable` members reached the dial for enforcement."""
    members = f"{finding.judged.group.size} accounts"
    if finding.verdict == "related_accounts":
        return (Recommendation("observe", members, "they belong together; nothing says they harvest"),)
    if finding.verdict == "bulk_extraction":
        return ALONE
    steps = [Recommendation("verify", members, "ask who is behind them: they act as one and do not say so")]
    if finding.verdict == "distillation_campaign":
        reached = CONFIDENCES.index(sure)
        mild, *firm = (step for least, step in ON_STREAMS if CONFIDENCES.index(least) <= reached)
        steps = [mild, *steps, *firm]
    if suspendable:
        scope = f"{suspendable} accounts"
        steps.append(Recommendation("suspend", scope, "each reached the dial for wrong enforcement"))
    return tuple(steps)
