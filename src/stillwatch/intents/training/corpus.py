"""Published prompts as samples: files of JSON Lines with `source`, `kind`, `capability`, `lang` and the texts.

Their labels were made by regular expressions, so a positive is believed where the pipeline's purpose is plain, and what
a request might also be is left unknown. Chain-of-thought prompts of public pipelines mostly ask for a worked solution,
which evaluations ask for too: whether they want a hidden trace is left unknown.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import zstandard

from stillwatch.intents.labels import Label
from stillwatch.intents.training.families import REASONING
from stillwatch.intents.training.samples import Part, Sample

FILES: Final = (
    "attack_instances", "attack_rendered", "attack_templates", "benign_agent", "benign_app_templates",
    "benign_chat", "benign_support", "benign_system", "question_banks",
)  # fmt: skip
LONGEST: Final = 16_000  # characters
# Never trained on: sources to examine with, and languages in which published system prompts are kept for the exam.
HELD_OUT_SOURCES: Final = frozenset(
    {
        "camel-ai/camel", "pypi:distilabel", "NVIDIA-NeMo/Skills", "tatsu-lab/alpaca_eval", "instructlab/sdg",
        "lmarena/arena-hard-auto", "google-research-datasets/dstc8-schema-guided-dialogue",
        "microsoft/semantic-kernel", "PlexPt/awesome-chatgpt-prompts-zh", "google-gemini/gemini-cli",
        "ruixiangcui/AGIEval", "sierra-research/tau-bench", "SWE-bench/SWE-smith", "OpenBMB/UltraFeedback",
    }
)  # fmt: skip
HELD_OUT_LANGUAGES: Final = frozenset({"fa", "bg", "vi", "tr", "ko", "nl"})

_SURE: Final[Mapping[str, Label]] = {
    "rubric_grading": Label.RUBRIC_GRADING,
    "verification": Label.RUBRIC_GRADING,
    "preference_judging": Label.PREFERENCE,
    "safe_rewriting": Label.SAFE_REWRITING,
    "question_generation": Label.INSTRUCTION_GENERATION,
    "prompt_evolution": Label.INSTRUCTION_GENERATION,
    "code_datagen": Label.AGENTIC_CODING,
    "agentic_swe_datagen": Label.AGENTIC_CODING,
    "tool_use_datagen": Label.TOOL_USE,
}
_ANALYSES: Final = frozenset(
    {Label.NEW_ANALYSIS, Label.DATA_ANALYSIS, Label.BENCHMARK_ITEMS, Label.AGENTIC_CODING}
)
_NEVER_BY_CHANCE: Final = frozenset(
    {Label.COMPUTER_USE, Label.VISION, Label.IDENTITY_PROBE, Label.SAFE_REWRITING, Label.TRACE_CLEANING}
)
_INNOCENT_ALWAYS: Final = frozenset(
    {*REASONING, Label.PREFERENCE, Label.SAFE_REWRITING, Label.TRACE_CLEANING, Label.COMPUTER_USE}
)
# What published applications hardly ever are, though their long texts speak of everything.
_NO_APPLICATION: Final = frozenset(
    {Label.RUBRIC_GRADING, Label.VISION, Label.IDENTITY_PROBE, Label.BENCHMARK_ITEMS, Label.TOOL_USE}
)


class CorpusError(ValueError):
    """A corpus that cannot be used: names file and line and what to do."""


def read_corpus(folder: Path) -> Iterator[Sample]:
    """Yield the samples of a folder that holds some of FILES (`.jsonl.zst` or `.jsonl`)."""
    there = [(name, path) for name in FILES if (path := _path(folder, name)) is not None]
    if not there:
        raise CorpusError(f"{folder}: no corpus here; expected files such as {FILES[0]}.jsonl.zst")
    for name, path in there:
        for row in _rows(path):
            sample = _sample(name, row)
            if sample is not None:
                yield sample


def is_held_out(sample: Sample) -> bool:
    """Tell whether a sample of a corpus is kept for the exam."""
    kept = sample.family == "benign_system" and sample.language in HELD_OUT_LANGUAGES
    return sample.source in HELD_OUT_SOURCES or kept


def _path(folder: Path, name: str) -> Path | None:
    paths = (folder / f"{name}.jsonl.zst", folder / f"{name}.jsonl")
    return next((path for path in paths if path.is_file()), None)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    number = 0
    try:
        with path.open("rb") as raw:
            packed = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            for line in io.BufferedReader(packed) if path.suffix == ".zst" else raw:
                number += 1
                row = json.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("source"), str):
                    raise ValueError("expected an object with `source`, `capability`, `lang` and a text")
                turns = row.get("turns") or []
                if not isinstance(turns, list) or not all(
                    isinstance(t, dict) and "content" in t for t in turns
                ):
                    raise ValueError("turns: expected a list of objects with `role` and `content`")
                yield row
    except (ValueError, OSError, zstandard.ZstdError) as error:
        raise CorpusError(f"{path}:{number}: {error}; mend or remove it") from error


def _sample(name: str, row: Mapping[str, Any]) -> Sample | None:
    parts = []
    if row.get("system"):
        parts.append(Part("operator", str(row["system"])[:LONGEST]))
    asked = [turn["content"] for turn in row.get("turns") or () if turn.get("role") == "user"]
    text = asked[-1] if asked else row.get("prompt")
    if text:
        parts.append(Part("user", str(text)[:LONGEST]))
    if not parts:
        return None
    capability = str(row.get("capability") or "")
    true, unknown = _labels(name, capability)
    return Sample(tuple(parts), name, str(row.get("lang") or "und"), row["source"], true, unknown, capability)


def _labels(name: str, capability: str) -> tuple[frozenset[Label], frozenset[Label]]:
    """Return what is true and what is unknown of a row of a file."""
    every = frozenset(Label)
    if name.startswith("attack"):
        made = frozenset() if name == "attack_instances" else frozenset({Label.SYNTHETIC_PROMPT})
        if name == "attack_instances":  # instructions as such are what anybody asks
            return made, every - _NEVER_BY_CHANCE - frozenset(REASONING)
        true = made | ({_SURE[capability]} if capability in _SURE else frozenset())
        return frozenset(true), every - true - _NEVER_BY_CHANCE
    if name == "question_banks":
        true = frozenset({Label.AGENTIC_CODING} if capability == "code" else {Label.BENCHMARK_ITEMS})
        return true, frozenset({Label.SYNTHETIC_PROMPT, Label.NEW_ANALYSIS, Label.AGENTIC_CODING}) - true
    if name in ("benign_chat", "benign_support"):
        return frozenset(), _ANALYSES | {Label.SYNTHETIC_PROMPT}
    if name == "benign_app_templates":
        return frozenset({Label.SYNTHETIC_PROMPT}), every - _INNOCENT_ALWAYS - {Label.SYNTHETIC_PROMPT}
    return frozenset(), every - _INNOCENT_ALWAYS - _NO_APPLICATION
