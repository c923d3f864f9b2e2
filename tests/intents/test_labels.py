"""Labels are places in arrays and bits in stored columns: renumbering them would falsify what is kept."""

from __future__ import annotations

from stillwatch.intents.labels import CAPABILITIES, GENERAL, LABELS, LANES, Label
from stillwatch.report.words import CAPABILITY_TITLE


def test_labels_stand_where_stored_bits_say() -> None:
    assert LABELS == (
        "reasoning_elicitation", "rubric_grading", "preference", "safe_rewriting", "instruction_generation",
        "agentic_coding", "tool_use", "computer_use", "vision", "data_analysis", "benchmark_items", "trace_cleaning",
        "identity_probe", "synthetic_prompt", "hidden_trace", "new_analysis",
    )  # fmt: skip
    assert [LABELS[label] for label in Label] == [label.slug for label in Label]


def test_every_score_has_its_lane_and_both_bits_of_every_label_fit_a_signed_column() -> None:
    assert len(Label) == LANES
    assert 2 * LANES < 63


def test_capabilities_are_those_that_reports_have_a_title_for() -> None:
    assert [label.slug for label in CAPABILITIES] + [GENERAL] == list(CAPABILITY_TITLE)
