"""Streams: one account's part of one workload, as sums that add up over accounts and over time.

Streams, not accounts, are what the statistics work on: a resold account carries honest customers beside
a harvest, and only the harvest's streams may be touched.
"""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from stillwatch.engines import Session
from stillwatch.intents import CAPABILITIES
from stillwatch.intents.labels import LANES

LONG_ANSWER = 120  # characters: more than a label, a name or a yes
ECHO = 0.3  # share of the answer's marks that the request contained: beyond it, the answer restates its input
SHORT_PROMPT = 1_000  # characters: a question or a task, not a document to work on
RESTATED = 0.5  # an answer shorter than half of what it was given sums up or extracts
STEPS = 1 << 20  # to the unit, in which fractions are summed


def exact_sum(fractions: ir.FloatingValue) -> ir.FloatingScalar:
    """Return a sum that does not depend on the order of the rows, as a sum of floating-point numbers does."""
    return (fractions * STEPS).round().cast("int64").sum() / float(STEPS)


def asks(slug: str) -> str:
    """Return the name of the column that counts the exchanges of a stream that lean to a label."""
    return f"asks_{slug}"


def given(slug: str) -> str:
    """Return the name of the column that counts the exchanges of a stream that are given a label."""
    return f"given_{slug}"


def _counts_of_bits(bits: ir.IntegerColumn) -> dict[str, ir.IntegerScalar]:
    known = bits.fill_null(0)
    leaning = {asks(label.slug): ((known >> int(label)) & 1).sum() for label in CAPABILITIES}
    sure = {given(label.slug): ((known >> (LANES + int(label))) & 1).sum() for label in CAPABILITIES}
    return leaning | sure


def label_exchanges(session: Session, sketches: ir.Table, assigned: ir.Table) -> ir.Table:
    """Return the sketches with their workload and the yes/no facts streams are summed from; a view."""
    joined = sketches.inner_join(assigned, "exchange_key")
    output, given = _.output_chars.fill_null(0), _.user_chars.fill_null(0)
    went_well = (_.status.isnull() | (_.status < 400)) & ((output > 0) | (_.tool_calls.fill_null(0) > 0))
    generated = (output > 0) & (output >= RESTATED * given) & (_.echo_share.fill_null(0) < ECHO)
    return joined.mutate(
        answered=went_well,
        opening=(_.turns.fill_null(0) <= 1) & (_.messages.fill_null(0) <= 2),
        long_answer=output >= LONG_ANSWER,
        short_prompt=given <= SHORT_PROMPT,
        generated=generated,
        refused=(_.finish_reason == "refusal").fill_null(False) | _.refusal_category.notnull(),
        failed=(_.status >= 400).fill_null(False),
        many_samples=(_.n > 1).fill_null(False),
        tool_answer=_.tool_calls.fill_null(0) > 0,
        log_user=(1 + given).ln(),
        had_tools=_.tools_offered.fill_null(0) > 0,
    )


def sum_streams(session: Session, labelled: ir.Table) -> ir.Table:
    """Return one row per account and workload, saved as `streams`."""
    streams = labelled.group_by("account_key", "workload").agg(
        templated=_.templated.any(),
        exchanges=_.count(),
        answered=_.answered.sum(),
        openings=_.opening.sum(),
        long_answers=(_.long_answer & _.answered).sum(),
        generated=(_.generated & _.answered).sum(),
        short_prompts=_.short_prompt.sum(),
        refused=_.refused.sum(),
        failed=_.failed.sum(),
        tool_answers=_.tool_answer.sum(),
        with_tools=_.had_tools.sum(),
        many_samples=_.many_samples.sum(),
        contents=_.content_key.nunique(),
        outputs=_.output_key.nunique(),
        skeletons=_.output_skeleton.nunique(),
        classified=_.intents.count(),
        **_counts_of_bits(labelled.intents),
        code_share=exact_sum(_.code_share) / _.code_share.count(),
        log_user=exact_sum(_.log_user),
        log_user_squared=exact_sum(_.log_user * _.log_user),
        reasoning_chars=_.reasoning_chars.sum().fill_null(0),
        input_tokens=_.input_tokens.sum().fill_null(0),
        output_tokens=_.output_tokens.sum().fill_null(0),
        reasoning_tokens=_.reasoning_tokens.sum().fill_null(0),
        first=_.time.min(),
        last=_.time.max(),
    )
    return session.save("streams", streams)


def sum_accounts(session: Session, labelled: ir.Table) -> ir.Table:
    """Return one row per account: what it did and what it showed of itself, saved as `accounts_seen`."""
    accounts = labelled.group_by("account_key").agg(
        account_id=_.account_id.min(),
        exchanges=_.count(),
        conversations=_.first_turn_key.nunique(),
        workloads=_.workload.nunique(),
        first=_.time.min(),
        last=_.time.max(),
        prefixes=_.prefix_key.nunique(),
        addresses=_.ip_key.nunique(),
        clients=_.client_key.nunique(),
        org_id=_.org_id.max(),
    )
    return session.save("accounts_seen", accounts)
