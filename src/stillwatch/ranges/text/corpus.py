"""Published texts in place of the grammar's own: a folder of research data, kept outside the repository.

The folder holds JSON lines compressed with Zstandard (`benign_chat.jsonl.zst` and so on; a plain `.jsonl` is
read too). Of each row `prompt` or `system`, `lang`, `role` and `capability` are used. Texts become literal
alternatives of the rules that honest traffic and campaigns name; templates are chosen by topic, so that one
firm or campaign keeps one, and an exam's item is the same wherever its topic is. A file that is absent
changes nothing; a rule that a language has too few texts for stays the grammar's.
"""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from stillwatch.ranges.text.grammar import Grammar, Rule
from stillwatch.ranges.text.slots import Alternative, Op, Piece, literal
from stillwatch.ranges.text.templates import by_question, in_order, template

LONGEST = 4000  # characters of a text; the rest is cut
FEWEST_TEXTS = 50  # fewer would be seen again and again, which honest requests are not
FEWEST_TEMPLATES = 3

ATTACKS = {
    "cot_reasoning_elicitation": "cot_prompt",
    "rubric_grading": "grade_prompt",
    "verification": "grade_prompt",
    "preference_judging": "prefer_prompt",
    "safe_rewriting": "rewrite_prompt",
    "prompt_evolution": "rewrite_prompt",
    "question_generation": "instruct_prompt",
    "answer_generation": "instruct_prompt",
    "synthetic_text": "instruct_prompt",
    "roleplay_selfchat": "instruct_prompt",
    "agentic_swe_datagen": "swe_prompt",
    "code_datagen": "swe_prompt",
    "tool_use_datagen": "tooluse_prompt",
}
APPS = (  # the first whose words the template's path or text holds
    (re.compile(r"summar", re.I), "summarise_prompt"),
    (re.compile(r"classif|categor|sentiment|label", re.I), "classify_prompt"),
    (re.compile(r"extract|entit", re.I), "extract_prompt"),
    (re.compile(r"translat", re.I), "translate_prompt"),
    (re.compile(r"ticket|customer|support", re.I), "ticket_prompt"),
    (re.compile(r"context|document|question", re.I), "rag_prompt"),
)
OTHER_APP = "product_copy_prompt"
_ATTACK = in_order("{arg0}", "{arg1}", further="{passage%9}")
_APP = in_order("{arg0}", further="{passage*asked}")
_FILLS = {"rag_prompt": by_question("{passage*asked}"), "judge_prompt": _ATTACK}
FILES = (
    "benign_chat", "benign_support", "benign_system", "benign_agent", "benign_app_templates",
    "attack_templates", "attack_instances", "question_banks",
)  # fmt: skip


class CorpusError(ValueError):
    """A corpus cannot be used; the message names file and line, and what to do."""


class _Found:
    """Alternatives by language and rule: texts as they stand, and what a topic chooses from."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], list[tuple[Piece, ...]]] = defaultdict(list)
        self.chosen: dict[tuple[str, str], list[tuple[Piece, ...]]] = defaultdict(list)


def add_corpus(grammar: Grammar, folder: Path, longest: int = LONGEST) -> None:
    """Replace a grammar's rules by a corpus; texts are cut at `longest` characters.

    A CorpusError if the folder holds none of the files, or a line cannot be used.
    """
    found = _Found()
    there = [(name, path) for name in FILES if (path := _path(folder, name)) is not None]
    if not there:
        raise CorpusError(f"{folder}: no corpus here; expected files such as {FILES[0]}.jsonl.zst")
    for name, path in there:
        for row in _rows(path):
            _take(found, name, row, longest)
    for (language, rule), texts in found.texts.items():
        _override(grammar, language, rule, texts, FEWEST_TEXTS)
    for (language, rule), choices in found.chosen.items():
        within = f"{rule}_of_corpus"
        if _override(grammar, language, within, choices, FEWEST_TEMPLATES):
            _override(grammar, language, rule, [(Piece(Op.CHOSEN, rule=within),)], 1)


def _override(
    grammar: Grammar, language: str, rule: str, texts: list[tuple[Piece, ...]], fewest: int
) -> bool:
    if language not in grammar.languages or len(texts) < fewest:
        return False
    grammar.rules[language, rule] = Rule("corpus", tuple(map(Alternative, texts)))
    return True


def _take(found: _Found, name: str, row: dict[str, str], longest: int) -> None:
    """File one row under the rules that it serves."""
    text, language, role, capability = row["text"][:longest], row["lang"], row["role"], row["capability"]
    plain = (literal(text),)
    if name == "benign_chat" or (name == "attack_instances" and role == "seed_instruction"):
        found.texts[language, "request"].append(plain)
    elif name == "benign_support":
        found.texts[language, "request"].append(plain)
        found.texts[language, "ticket"].append(plain)
    elif name == "benign_system" and capability == "persona_prompt":
        found.texts[language, "assistant_system"].append(plain)
    elif name == "benign_system" and capability == "app_system_prompt":
        found.texts[language, "assistant_system"].append(plain)
        found.chosen[language, "product_system"].append(plain)
    elif name == "benign_agent":
        found.texts[language, "task"].append(plain)
    elif name == "benign_app_templates":
        rule = "judge_prompt" if capability == "llm_eval_in_ci" else _app(row["path"] + text)
        found.chosen[language, rule].append(template(text, _FILLS.get(rule, _APP)))
    elif name == "attack_templates" and capability in ATTACKS:
        found.chosen[language, ATTACKS[capability]].append(template(text, _ATTACK))
    elif name == "question_banks":
        found.chosen[language, "exam_question"].append(plain)


def _app(told: str) -> str:
    return next((rule for words, rule in APPS if words.search(told)), OTHER_APP)


def _path(folder: Path, name: str) -> Path | None:
    paths = (folder / f"{name}.jsonl.zst", folder / f"{name}.jsonl")
    return next((path for path in paths if path.is_file()), None)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield each row's `text`, `lang`, `role`, `capability` and the `path` it comes from."""
    number = 0
    try:
        with path.open("rb") as raw:
            plain: Any = zstandard.ZstdDecompressor().stream_reader(raw) if path.suffix == ".zst" else raw
            for line in io.BufferedReader(plain):
                number += 1
                yield _row(json.loads(line))
    except (ValueError, OSError, zstandard.ZstdError) as error:
        raise CorpusError(
            f"{path}:{number + isinstance(error, zstandard.ZstdError)}: {error}; mend or remove it"
        ) from error


def _row(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise ValueError("expected an object")
    row = {key: raw.get(key) or "" for key in ("lang", "role", "capability")}
    row["text"] = raw.get("prompt") or raw.get("system") or ""
    row["path"] = str((raw.get("meta") or {}).get("path", ""))
    wrong = [key for key, value in row.items() if not isinstance(value, str)]
    if wrong or not row["text"] or not row["lang"]:
        raise ValueError(f"expected text in `prompt` or `system` and in `lang`; wrong: {wrong or 'missing'}")
    return row
