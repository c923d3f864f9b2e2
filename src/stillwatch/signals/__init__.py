"""The signals: one test a file, none importing another. Each states its null and weighs a group by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis.expr.types as ir

from stillwatch.evidence.group import Signal
from stillwatch.signals import (
    answer_pipeline,
    answers_passed,
    bare_replay,
    capability_concentration,
    conversation_carried,
    declared_organisation,
    declared_use,
    even_load,
    harvest_shape,
    joint_window,
    one_queue,
    public_tool,
    rare_template,
    reasoning_replay,
    repeated_content,
    retry_handed_over,
    scattered_identities,
    shared_artefacts,
    sought_capability,
    undeclared_relation,
    uniform_client,
)

SIGNALS: tuple[Signal, ...] = (
    conversation_carried.SIGNAL,
    answers_passed.SIGNAL,
    reasoning_replay.SIGNAL,
    retry_handed_over.SIGNAL,
    *shared_artefacts.SIGNALS,
    rare_template.SIGNAL,
    uniform_client.SIGNAL,
    even_load.SIGNAL,
    joint_window.SIGNAL,
    one_queue.SIGNAL,
    sought_capability.SIGNAL,
    harvest_shape.SIGNAL,
    capability_concentration.SIGNAL,
    answer_pipeline.SIGNAL,
    bare_replay.SIGNAL,
    *scattered_identities.SIGNALS,
    undeclared_relation.SIGNAL,
)

COUNTER_SIGNALS: tuple[Signal, ...] = (
    declared_organisation.SIGNAL,
    *declared_use.SIGNALS,
    public_tool.SIGNAL,
    repeated_content.SIGNAL,
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
