"""What can be said of a workload without reading it: what it is after, and whether it is public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillwatch.intents import CAPABILITIES, GENERAL, Label

PUBLIC_USERS = 8  # unrelated accounts, and
PUBLIC_SHARE = 0.001  # of all accounts: fewer are a coincidence, or one more small pool
MOSTLY = 0.5  # of the exchanges are after it: then the workload is
PARTLY = 0.25  # enough, where nothing else is asked for more

# Where a workload is after several things, what says most about it: a bank's items are the matter of most harvests.
TELLING: Final = (
    Label.REASONING_ELICITATION,
    Label.TRACE_CLEANING,
    Label.PREFERENCE,
    Label.RUBRIC_GRADING,
    Label.SAFE_REWRITING,
    Label.INSTRUCTION_GENERATION,
    Label.COMPUTER_USE,
    Label.VISION,
    Label.AGENTIC_CODING,
    Label.TOOL_USE,
    Label.DATA_ANALYSIS,
    Label.IDENTITY_PROBE,
    Label.BENCHMARK_ITEMS,
)
# Who offers tools works with them, whatever their long instructions mention besides.
_WITH_TOOLS: Final = (Label.COMPUTER_USE, Label.AGENTIC_CODING, Label.TOOL_USE)


def capability(
    exchanges: int, classified: int, asked: Mapping[str, int], with_tools: int, code_share: float
) -> str:
    """Return the taxonomy slug of a workload: by what its requests are after, else by shape, else `general`.

    `asked` counts the requests after each capability among `classified`; `with_tools` those that offer tools.
    """
    tooled = exchanges > 0 and with_tools >= MOSTLY * exchanges
    if classified:
        shares = {label: asked.get(label.slug, 0) / classified for label in CAPABILITIES}
        for label in (*_WITH_TOOLS, *TELLING) if tooled else TELLING:
            if shares[label] >= MOSTLY:
                return label.slug
        most = max(TELLING, key=lambda label: shares[label])
        if shares[most] >= PARTLY:
            return most.slug
    if tooled:
        return Label.TOOL_USE.slug
    return Label.AGENTIC_CODING.slug if code_share >= 0.3 else GENERAL


def is_public(unrelated: int, population: int) -> bool:
    """Return whether so many unrelated accounts use a request form that it is a public tool or prompt."""
    return unrelated >= PUBLIC_USERS and unrelated >= PUBLIC_SHARE * population
