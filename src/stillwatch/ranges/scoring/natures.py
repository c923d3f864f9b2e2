"""What traffic truly is, in the words of the verdicts: one table from the truth's kinds to natures.

A nature is the verdict a detector that saw everything would give. Only `distillation_campaign` may be accused.
"""

from __future__ import annotations

from collections.abc import Iterable

from stillwatch.campaigns.model import Verdict

ACCUSES: Verdict = "distillation_campaign"
INNOCENT = "none"

# From the gravest to nothing at all.
NATURES: tuple[str, ...] = (ACCUSES, "resale_pool", "bulk_extraction", "related_accounts", INNOCENT)

# Kinds that are not what they would otherwise be taken for: a campaign if the truth names one, innocent if not.
# A kind also covers its variants: `enterprise` covers `enterprise_undeclared`.
NATURE_OF_KIND: dict[str, Verdict] = {
    "resale_pool": "resale_pool",
    "lone_harvest": "bulk_extraction",
    "lone_harvester": "bulk_extraction",
    # honest accounts that truly belong together: to say so is right, to say nothing is right too
    "enterprise": "related_accounts",
    "fallback_router": "related_accounts",
    "firm_batch": "related_accounts",
    "honest_gateway": "related_accounts",
    "honest_reseller": "related_accounts",
    "key_migration": "related_accounts",
    "key_rotation": "related_accounts",
    "migration": "related_accounts",
    "several_accounts": "related_accounts",
}

# The verdicts that are no error for each nature.
RIGHT: dict[str, frozenset[str]] = {
    ACCUSES: frozenset({ACCUSES}),
    "resale_pool": frozenset({"resale_pool"}),
    "bulk_extraction": frozenset({"bulk_extraction"}),
    "related_accounts": frozenset({"related_accounts", INNOCENT}),
    INNOCENT: frozenset({INNOCENT}),
}

# The natures of which each verdict claims no more than is true: a campaign is also a group of related accounts.
CLAIMS: dict[str, frozenset[str]] = {
    ACCUSES: frozenset({ACCUSES}),
    "resale_pool": frozenset({ACCUSES, "resale_pool"}),
    "bulk_extraction": frozenset({ACCUSES, "bulk_extraction"}),
    "related_accounts": frozenset({ACCUSES, "resale_pool", "related_accounts"}),
    INNOCENT: frozenset(NATURES),
}

# Natures of accounts that must never be enforced against: what an account-month of risk is counted over.
HONEST = frozenset({"related_accounts", INNOCENT})


def nature_of(kind: str | None) -> Verdict | None:
    """Return the nature a kind has by itself, None where the truth's campaign decides."""
    if kind is None:
        return None
    parts = kind.split("_")
    bases = ("_".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((NATURE_OF_KIND[base] for base in bases if base in NATURE_OF_KIND), None)


def natures_of(kinds: Iterable[str | None]) -> dict[str, Verdict]:
    """Return the kinds among `kinds` that have a nature of their own."""
    found = {kind: nature_of(kind) for kind in kinds if kind is not None}
    return {kind: nature for kind, nature in sorted(found.items()) if nature is not None}
