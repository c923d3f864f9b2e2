"""Conversation carried over: an account sends, as history, an answer generated for another account.

Null      Accounts are unrelated: an answer of some length that only one account ever received is presented
          as history by another no more often than the log's own rate of such events puts it there.
Evidence  Poisson mixture on conversations that changed hands inside the group, cross-fitted over halves.
Blind to  Relays that keep each conversation on one account; deterministic or public answers (left out).
Source    Design notes on relays: conversations hop between the accounts of a pool on every turn.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from stillwatch.evidence.handover import HandoverSignal

SIGNAL = HandoverSignal(
    name="conversation_carried",
    block="responses",
    null="the accounts are unrelated: none continues a conversation that was answered to another",
    fields=("messages", "output"),
    thing="conversations",
    passed="were carried over",
)


def find(exchanges: ir.Table) -> ir.Table:
    """Return one row per hand-over: unit (the conversation), giver, taker, exchange_key."""
    issued = (
        exchanges.filter(_.output_key.notnull())
        .group_by("output_key")
        .agg(giver=_.account_key.min(), other=_.account_key.max(), issued=_.time.min())
    )
    presented = exchanges.filter(_.history_keys.length() > 0).select(
        "account_key", "exchange_key", "first_turn_key", "time", output_key=_.history_keys.unnest()
    )
    seen = presented.group_by("output_key").agg(presented=_.time.min())
    # shown by anyone before it was answered to anyone: a public text, such as a few-shot example
    private = issued.filter(_.giver == _.other).inner_join(seen, "output_key").filter(_.presented > _.issued)
    private = private.select("output_key", "giver", "issued")
    moved = presented.inner_join(private, "output_key").filter(
        (_.account_key != _.giver) & (_.time > _.issued)
    )
    return moved.select(
        unit=ibis.coalesce(_.first_turn_key, _.output_key),
        giver=_.giver,
        taker=_.account_key,
        exchange_key=_.exchange_key,
    )
