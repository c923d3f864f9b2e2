"""Retry handed over: what failed on one account is sent on another within seconds.

Null      Accounts are unrelated: the same last turn follows a 429, 5xx or suspension on another account
          within seconds no more often than the log's own rate puts it there.
Evidence  Poisson mixture on failed requests handed over inside the group, cross-fitted over halves.
Blind to  Clients that wait, or that retry on the same account; content everybody sends.
Source    Relay captures: median gap of a handed-over retry 0.11 s.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from stillwatch.evidence.handover import HandoverSignal

WINDOW_SECONDS = 10
COMMON = 20  # accounts that sent the content: beyond this, it is not one client's request

SIGNAL = HandoverSignal(
    name="retry_handed_over",
    block="timing",
    null="the accounts are unrelated: none repeats within seconds what failed on another",
    fields=("status", "messages"),
    thing="failed requests",
    passed="were repeated within seconds",
)


def find(exchanges: ir.Table) -> ir.Table:
    """Return one row per hand-over: unit (the content), giver, taker, exchange_key."""
    sent = exchanges.filter(_.content_key.notnull())
    failed_there = (_.status == 429) | (_.status >= 500) | _.status.isin([401, 403])
    failed = sent.filter(failed_there.fill_null(False)).select(
        "content_key", "conversation_key", giver="account_key", failed_at="time"
    )
    holders = sent.semi_join(failed, "content_key").group_by("content_key").agg(n=_.account_key.nunique())
    rare = holders.filter((_.n > 1) & (_.n <= COMMON)).select("content_key")
    again = sent.semi_join(rare, "content_key").select(
        "content_key", "exchange_key", "account_key", "time", conversation="conversation_key"
    )
    met = failed.inner_join(again, "content_key").filter(
        (_.account_key != _.giver)
        & (_.time >= _.failed_at)
        & (_.time <= _.failed_at + ibis.interval(seconds=WINDOW_SECONDS))
        & _.conversation.identical_to(_.conversation_key)
    )
    return met.select(unit=_.content_key, giver=_.giver, taker=_.account_key, exchange_key=_.exchange_key)
