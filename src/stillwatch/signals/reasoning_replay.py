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

from stillwatch.evidence.handover import HandoverSignal, blocks_moved

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
    return blocks_moved(exchanges, exchanges)
