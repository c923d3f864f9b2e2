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
        giver=_.account_key.min(), other=_.account_key.max(), issued=_.time.min(), unit=_.output_key.min()
    )
    shown = exchanges.filter(_.quoted_marks.length() > 0).select(
        "account_key", "exchange_key", shown_at="time", mark=_.quoted_marks.unnest()
    )
    met = shown.inner_join(owned.filter(_.giver == _.other), "mark")
    met = met.mutate(first_shown=_.shown_at.min().over(group_by="mark"))
    # shown by anyone before it was answered to anyone: not the model's words
    met = met.filter((_.first_shown > _.issued) & (_.account_key != _.giver) & (_.shown_at > _.issued))
    quoted = met.group_by("unit", "giver", "account_key", "exchange_key").agg(marks=_.mark.nunique())
    return quoted.filter(_.marks >= MIN_MARKS).select(
        unit=_.unit, giver=_.giver, taker=_.account_key, exchange_key=_.exchange_key
    )
