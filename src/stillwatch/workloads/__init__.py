"""From sketches to workloads (families of exchanges) and streams (one account's part of one)."""

from stillwatch.workloads.describe import capability, is_public
from stillwatch.workloads.grouping import CELLS, assign_workloads, has_user_form, lead_form
from stillwatch.workloads.streams import asks, given, label_exchanges, sum_accounts, sum_streams

__all__ = [
    "CELLS",
    "asks",
    "assign_workloads",
    "capability",
    "given",
    "has_user_form",
    "is_public",
    "label_exchanges",
    "lead_form",
    "sum_accounts",
    "sum_streams",
]
