"""The families of requests that lessons and exams consist of, and the labels of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stillwatch.intents.labels import Label

REASONING: Final = (Label.REASONING_ELICITATION, Label.HIDDEN_TRACE)


@dataclass(frozen=True)
class Family:
    """What is true of every request of a family; what is neither true nor unknown is false."""

    true: tuple[Label, ...] = ()
    unknown: tuple[Label, ...] = ()


_ASKED: Final = (Label.SYNTHETIC_PROMPT, Label.NEW_ANALYSIS)
_MADE: Final = Label.SYNTHETIC_PROMPT


def _hidden() -> Family:
    others = (Label.BENCHMARK_ITEMS, Label.TRACE_CLEANING, Label.AGENTIC_CODING, Label.IDENTITY_PROBE)
    return Family(REASONING, (*_ASKED, *others))


def _plain(*unknown: Label) -> Family:
    return Family((), (Label.SYNTHETIC_PROMPT, *unknown))


def _analysis(*unknown: Label) -> Family:
    return Family((Label.NEW_ANALYSIS,), (Label.SYNTHETIC_PROMPT, Label.BENCHMARK_ITEMS, *unknown))


def _batch(*unknown: Label) -> Family:
    return Family((_MADE,), (Label.NEW_ANALYSIS, *unknown))


HIDDEN_TRACE: Final = (
    "given_answer", "inline_tags", "moved_memory", "forged_debug", "forged_system", "language_rule",
    "demonstrations", "full_trace", "replayed_trace",
)  # fmt: skip

FAMILIES: Final[Mapping[str, Family]] = {
    **{name: _hidden() for name in HIDDEN_TRACE},
    "rubric_grading": Family((Label.RUBRIC_GRADING, _MADE), (Label.NEW_ANALYSIS, Label.PREFERENCE)),
    "preference": Family((Label.PREFERENCE, _MADE), (Label.NEW_ANALYSIS, Label.RUBRIC_GRADING)),
    "safe_rewriting": Family((Label.SAFE_REWRITING,), _ASKED),
    "instruction_generation": Family((Label.INSTRUCTION_GENERATION, _MADE), (Label.NEW_ANALYSIS,)),
    "instruction_evolution": Family((Label.INSTRUCTION_GENERATION, _MADE), (Label.NEW_ANALYSIS,)),
    "agentic_coding": Family((Label.AGENTIC_CODING,), (*_ASKED, Label.TOOL_USE)),
    "code_generation": Family((Label.AGENTIC_CODING,), _ASKED),
    "tool_trajectories": Family((Label.TOOL_USE,), (*_ASKED, Label.INSTRUCTION_GENERATION)),
    "computer_use": Family((Label.COMPUTER_USE,), (*_ASKED, Label.TOOL_USE, Label.VISION)),
    "image_description": Family((Label.VISION,), (*_ASKED, Label.COMPUTER_USE, Label.DATA_ANALYSIS)),
    "table_analysis": Family((Label.DATA_ANALYSIS,), _ASKED),
    "bank_item": Family((Label.BENCHMARK_ITEMS,), _ASKED),
    "trace_cleaning": Family((Label.TRACE_CLEANING, _MADE), (Label.NEW_ANALYSIS, Label.RUBRIC_GRADING)),
    "identity_probe": Family((Label.IDENTITY_PROBE,), _ASKED),
    "tutoring": _analysis(),
    "worked_solution": _analysis(),
    "decision_rationale": _analysis(),
    "agent_narration": _plain(Label.AGENTIC_CODING, Label.TOOL_USE, Label.COMPUTER_USE, Label.NEW_ANALYSIS),
    "shown_deliberation": _analysis(),
    "agent_debugging": _analysis(Label.TOOL_USE, Label.AGENTIC_CODING),
    "about_reasoning": _plain(Label.NEW_ANALYSIS),
    "tag_parsing": Family((Label.AGENTIC_CODING,), _ASKED),
    "reasoning_summary": _plain(Label.NEW_ANALYSIS),
    "own_translation": _plain(),
    "safety_research": _plain(Label.NEW_ANALYSIS, Label.RUBRIC_GRADING, Label.INSTRUCTION_GENERATION),
    "essay_feedback": _plain(Label.NEW_ANALYSIS, Label.RUBRIC_GRADING),
    "rubric_making": _plain(Label.NEW_ANALYSIS, Label.RUBRIC_GRADING),
    "product_comparison": _plain(Label.NEW_ANALYSIS),
    "polite_rewriting": _plain(),
    "quiz_for_class": _plain(Label.INSTRUCTION_GENERATION, Label.BENCHMARK_ITEMS),
    "extraction_batch": _batch(),
    "classification_batch": _batch(),
    "rag_answer": _batch(),
    "support_reply": _plain(),
    "everyday_chat": Family(),
    "coding_help": Family((Label.AGENTIC_CODING,), (Label.NEW_ANALYSIS,)),
    "spreadsheet_help": _plain(Label.DATA_ANALYSIS, Label.NEW_ANALYSIS, Label.AGENTIC_CODING),
    "eval_step": Family((Label.BENCHMARK_ITEMS,), (*_ASKED,)),
    "careful_work": _plain(Label.NEW_ANALYSIS, Label.DATA_ANALYSIS, Label.AGENTIC_CODING),
    "one_word": Family(),
}
