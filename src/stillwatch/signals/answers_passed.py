"""Answers passed on: marks of an answer to one account turn up inside the prompt of another.

Graded, rewritten, translated or cleaned: the output of one account is the input of the next.

Null      Accounts are unrelated: marks that exactly one account's answers left, and that no prompt showed
          before, turn up in another account's prompts no more often than the log's own rate puts them there.
Evidence  Poisson mixture on answers that were passed inside the group, cross-fitted over halves.
Blind to  Answers that are paraphrased on the way; short answers.
"""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from stillwatch.evidence.handover import HandoverSignal

MIN_MARKS = 3  # of one answer, in one prompt: a quotation, not a common phrase

SIGNAL = HandoverSignal(
    name="answers_passed",
    block="responses",
    null="the accounts are unrelated: none feeds the model what it answered to another",
    fields=("messages", "output"),
    thing="answers",
    passed="were passed on",
)


def find(exchanges: ir.Table) -> ir.Table:
    """Return one row per answer and taker: unit (the answer), giver, taker, exchange_key."""
    left = exchanges.filter(_.output_key.notnull()).select(
        "account_key", "time", "output_key", mark=_.output_marks.unnest()
    )
    owned = left.group_by("mark").agg(
        owners=_.account_key.nunique(), giver=_.account_key.min(), issued=_.time.min(), unit=_.output_key.min()
    )
    shown = exchanges.filter(_.quoted_marks.length() > 0).select(
        "account_key", "exchange_key", "time", mark=_.quoted_marks.unnest()
    )
    first = shown.semi_join(owned, "mark").group_by("mark").agg(shown=_.time.min())
    private = owned.filter(_.owners == 1).inner_join(first, "mark").filter(_.shown > _.issued)
    private = private.select("mark", "giver", "issued", "unit")
    met = shown.inner_join(private, "mark").filter((_.account_key != _.giver) & (_.time > _.issued))
    quoted = met.group_by("unit", "giver", "account_key", "exchange_key").agg(marks=_.mark.nunique())
    return quoted.filter(_.marks >= MIN_MARKS).select(
        unit=_.unit, giver=_.giver, taker=_.account_key, exchange_key=_.exchange_key
    )
