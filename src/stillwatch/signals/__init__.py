"""The signals: one test a file, none importing another. Each states its null and weighs a group by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis.expr.types as ir

from stillwatch.evidence.group import Signal
from stillwatch.signals import (
    account_age,
    address_churn,
    answer_pipeline,
    answers_passed,
    bare_replay,
    capability_concentration,
    client_contradiction,
    conversation_carried,
    declared_organisation,
    declared_use,
    disposable_registration,
    even_load,
    harvest_shape,
    human_rhythm,
    joint_bursts,
    joint_window,
    one_queue,
    ordered_slots,
    pivot,
    probing,
    programme_out_of_character,
    public_tool,
    quota_relay,
    rare_template,
    reasoning_replay,
    repeated_content,
    replacement,
    retry_handed_over,
    round_robin,
    same_stream,
    scattered_identities,
    shared_artefacts,
    sought_capability,
    sticky_runs,
    stripped_metadata,
    succession,
    undeclared_relation,
    uniform_client,
    verified_identity,
)

SIGNALS: tuple[Signal, ...] = (
    conversation_carried.SIGNAL,
    answers_passed.SIGNAL,
    reasoning_replay.SIGNAL,
    retry_handed_over.SIGNAL,
    *shared_artefacts.SIGNALS,
    rare_template.SIGNAL,
    same_stream.SIGNAL,
    uniform_client.SIGNAL,
    even_load.SIGNAL,
    joint_window.SIGNAL,
    joint_bursts.SIGNAL,
    round_robin.SIGNAL,
    sticky_runs.SIGNAL,
    quota_relay.SIGNAL,
    pivot.SIGNAL,
    one_queue.SIGNAL,
    ordered_slots.SIGNAL,
    sought_capability.SIGNAL,
    harvest_shape.SIGNAL,
    capability_concentration.SIGNAL,
    answer_pipeline.SIGNAL,
    bare_replay.SIGNAL,
    probing.SIGNAL,
    *scattered_identities.SIGNALS,
    undeclared_relation.SIGNAL,
    replacement.SIGNAL,
    disposable_registration.SIGNAL,
    programme_out_of_character.SIGNAL,
    address_churn.SIGNAL,
    client_contradiction.SIGNAL,
    stripped_metadata.SIGNAL,
    succession.SIGNAL,
)

COUNTER_SIGNALS: tuple[Signal, ...] = (
    declared_organisation.SIGNAL,
    *declared_use.SIGNALS,
    public_tool.SIGNAL,
    repeated_content.SIGNAL,
    verified_identity.SIGNAL,
    account_age.SIGNAL,
    human_rhythm.SIGNAL,
)

# What passes between accounts, by the signal that weighs it.
HANDOVERS: Mapping[str, Callable[[ir.Table], ir.Table]] = {
    "conversation_carried": conversation_carried.find,
    "answers_passed": answers_passed.find,
    "reasoning_replay": reasoning_replay.find,
    "bare_replay": bare_replay.find,
    "retry_handed_over": retry_handed_over.find,
}

__all__ = ["COUNTER_SIGNALS", "HANDOVERS", "SIGNALS"]
