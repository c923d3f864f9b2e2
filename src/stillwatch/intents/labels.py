"""What a request can be after: the labels of the classifier, in the order of its scores.

The first thirteen are the capabilities of the taxonomy. The others say how a request is made (by a
program) and which kind of reasoning it wants: the trace that the model keeps to itself, or a new analysis.
"""

from __future__ import annotations

from enum import IntEnum


class Label(IntEnum):
    """Values are places in arrays of scores and bits of `intents`; never renumber them."""

    REASONING_ELICITATION = 0
    RUBRIC_GRADING = 1
    PREFERENCE = 2
    SAFE_REWRITING = 3
    INSTRUCTION_GENERATION = 4
    AGENTIC_CODING = 5
    TOOL_USE = 6
    COMPUTER_USE = 7
    VISION = 8
    DATA_ANALYSIS = 9
    BENCHMARK_ITEMS = 10
    TRACE_CLEANING = 11
    IDENTITY_PROBE = 12
    SYNTHETIC_PROMPT = 13  # written by a program, from a template
    HIDDEN_TRACE = 14  # asks for the trace of a model's thinking
    NEW_ANALYSIS = 15  # asks for an explanation or analysis made for the reader

    @property
    def slug(self) -> str:
        """Return the name used in files and reports."""
        return self.name.lower()


LABELS: tuple[str, ...] = tuple(label.slug for label in Label)
CAPABILITIES: tuple[Label, ...] = tuple(Label)[: Label.SYNTHETIC_PROMPT]
LANES = 16  # scores of one request; one row of weights is one cache line
GENERAL = "general"  # none of these in particular
