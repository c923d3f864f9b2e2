"""The marks of an exam as text for a person."""

from __future__ import annotations

from collections.abc import Mapping

from stillwatch.intents.training.evaluate import PREVALENCE, STRICT, Marks, Report

_HEAD = ("positives", "negatives", "AUPRC", f"recall@{STRICT:.1%}", "recall", "false pos.", "ECE")


def tables(reports: Mapping[str, Report]) -> str:
    """Return all reports: labels, then languages and families of reasoning elicitation, look-alikes and fixtures."""
    return "\n\n".join(_report(name, report) for name, report in reports.items())


def _report(name: str, report: Report) -> str:
    parts = [
        f"== {name} ==",
        f"AUPRC and ECE with positives weighted to {PREVALENCE:.0%}; recall and false positives at the model's own cut",
        _marks("label", report.labels),
    ]
    if len(report.languages) > 1:
        parts.append("reasoning elicitation by language\n" + _marks("language", report.languages))
    if len(report.sources) > 1:
        parts.append("reasoning elicitation by source\n" + _marks("source", report.sources))
    if report.families:
        told = ", ".join(f"{family} {recall:.0%}" for family, recall in report.families.items())
        parts.append(f"reasoning elicitation, recall by family: {told}")
    look = {label: shares for label, shares in report.look_alikes.items() if shares}
    if look:
        parts.append(
            "innocent families most often given a label\n" + "\n".join(_look(*item) for item in look.items())
        )
    if report.fixtures:
        wrong = sorted(name for name, given in report.fixtures.items() if given)
        parts.append(f"fixtures: {len(wrong)} of {len(report.fixtures)} wrong {', '.join(wrong)}".rstrip())
    return "\n\n".join(parts)


def _marks(title: str, rows: Mapping[str, Marks]) -> str:
    width = max((len(name) for name in (title, *rows)), default=0)
    lines = [f"{title:<{width}}  " + "".join(f"{name:>12}" for name in _HEAD)]
    for name, m in rows.items():
        lines.append(
            f"{name:<{width}}  {m.positives:>12,}{m.negatives:>12,}{m.auprc:>12.3f}{m.recall_strict:>12.1%}"
            f"{m.recall:>12.1%}{m.false_positives:>12.3%}{m.calibration_error:>12.3f}"
        )
    return "\n".join(lines)


def _look(label: str, shares: Mapping[str, float]) -> str:
    return f"  {label}: " + ", ".join(f"{family} {share:.1%}" for family, share in shares.items())
