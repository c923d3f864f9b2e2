"""Opaque reasoning replay: a reasoning block is presented by an account it was not issued to.

Null      Accounts are unrelated: a block issued to one account is presented by another no more often than
          the log's own rate puts it there. Honest counterparts exist (a shared or forked conversation, a
          migration to a new key), so one such event proves nothing.
Evidence  Poisson mixture on blocks that changed hands inside the group, cross-fitted over halves.
Blind to  Providers that do not log blocks; blocks issued before the log begins.
Source    Panfilov et al. 2026, arXiv 2608.09867 (replay of opaque reasoning over accounts).
"""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from stillwatch.evidence.handover import HandoverSignal

SIGNAL = HandoverSignal(
    name="reasoning_replay",
    block="responses",
    null="the accounts are unrelated: none presents a reasoning block that was issued to another",
    fields=("reasoning_ref", "reasoning_issued"),
    thing="reasoning blocks",
    passed="were presented",
)


def find(exchanges: ir.Table) -> ir.Table:
    """Return one row per hand-over: unit (the block), giver, taker, exchange_key."""
    issued = exchanges.filter(_.reasoning_issues.length() > 0).select(
        "account_key", block=_.reasoning_issues.unnest()
    )
    owned = issued.group_by("block").agg(giver=_.account_key.min(), other=_.account_key.max())
    presented = exchanges.filter(_.reasoning_refs.length() > 0).select(
        "account_key", "exchange_key", block=_.reasoning_refs.unnest()
    )
    moved = presented.inner_join(owned.filter(_.giver == _.other), "block").filter(_.account_key != _.giver)
    return moved.select(unit=_.block, giver=_.giver, taker=_.account_key, exchange_key=_.exchange_key)
