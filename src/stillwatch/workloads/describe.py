"""What can be said of a workload without reading it: its capability by shape, and whether it is public."""

from __future__ import annotations

PUBLIC_USERS = 8  # unrelated accounts, and
PUBLIC_SHARE = 0.001  # of all accounts: fewer are a coincidence, or one more small pool


def capability(exchanges: int, with_tools: int, code_share: float) -> str:
    """Return the taxonomy slug that the shape alone supports; `general` where it supports none."""
    if exchanges and with_tools >= 0.5 * exchanges:
        return "tool_use"
    if code_share >= 0.3:
        return "agentic_coding"
    return "general"


def is_public(unrelated: int, population: int) -> bool:
    """Return whether so many unrelated accounts use a request form that it is a public tool or prompt."""
    return unrelated >= PUBLIC_USERS and unrelated >= PUBLIC_SHARE * population
