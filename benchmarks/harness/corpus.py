"""Real prompts, system texts, templates and questions, read from the research data at run time."""

from __future__ import annotations

import io
import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson
import zstandard

from stillwatch.ranges.prose import Lexicon, Topic, lexicon, pick

MOST = 4_000  # characters of a prompt or system text; longer ones are cut
SLOT = re.compile(r"\{\{\s*[^{}\n]{1,60}?\s*\}\}|(?<!\{)\{[A-Za-z_]\w{0,40}\}(?!\})|<(?:INSERT|ADD)_[A-Z_]+>")
_QUESTIONS = (
    "question",
    "problem",
    "instruction",
    "task",
    "prompt",
    "input",
    "query",
    "seed",
    "code",
    "text",
)
_ANSWERS = ("answer", "response", "output", "solution", "completion", "generation", "candidate")


def shared_folder(given: Path | None = None) -> Path:
    """Return the folder of the research data: as given, STILLWATCH_SHARED, or ../shared of the repository."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    folder = given or Path(os.environ.get("STILLWATCH_SHARED", beside))
    if not (folder / "data").is_dir():
        raise SystemExit(f"{folder}: no data folder in it; give --shared PATH or set STILLWATCH_SHARED")
    return folder


def rows(shared: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of data/NAME.jsonl.zst."""
    path = shared / "data" / f"{name}.jsonl.zst"
    with path.open("rb") as raw:
        text = io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw))  # type: ignore[arg-type]
        return [orjson.loads(line) for line in text.read().split(b"\n") if line.strip()]


@dataclass(frozen=True)
class Template:
    """A published pipeline prompt with at least one slot for a question."""

    pipeline: str
    capability: str
    text: str

    def fill(self, question: str, answer: str, topic: Topic, rng: Random) -> str:
        """Return the prompt with question, answer, numbers and short texts in its slots."""

        def slot(match: re.Match[str]) -> str:
            name = match.group().strip("{}<> ").lower()
            if any(word in name for word in _ANSWERS):
                return answer
            if any(word in name for word in _QUESTIONS):
                return question
            if name.startswith(("num", "n_", "max", "count", "id", "idx")):
                return str(1 + int(rng.random() * 9))
            return topic.passage(rng, 1)

        return SLOT.sub(slot, self.text)[:MOST]


@dataclass(frozen=True)
class Corpus:
    """Everything a mixed log takes its text from."""

    chats: tuple[tuple[str, ...], ...]  # user turns of each conversation
    tasks: tuple[tuple[str, ...], ...]  # user turns put to agents
    support: tuple[tuple[str, ...], ...]
    personas: tuple[str, ...]
    agents: tuple[str, ...]  # system texts of public coding agents
    apps: tuple[str, ...]  # templates of legitimate applications
    questions: tuple[tuple[str, str], ...]  # with their answers
    templates: tuple[Template, ...]
    seeds: tuple[str, ...]  # seed instructions of published pipelines

    @staticmethod
    def load(shared: Path) -> Corpus:
        """Read the corpora; takes a few seconds."""
        systems: dict[str, list[str]] = defaultdict(list)
        for row in rows(shared, "benign_system"):
            systems[row["capability"]].append(str(row.get("system") or row["prompt"])[:MOST])
        return Corpus(
            chats=tuple(_turns(r) for r in rows(shared, "benign_chat")),
            tasks=tuple(_turns(r) for r in rows(shared, "benign_agent")),
            support=tuple(_turns(r) for r in rows(shared, "benign_support")),
            personas=tuple(systems["app_system_prompt"] + systems["persona_prompt"]),
            agents=tuple(systems["coding_agent"] + systems["coding_assistant_rules"][:40]),
            apps=tuple(
                r["prompt"][:MOST] for r in rows(shared, "benign_app_templates") if len(r["prompt"]) > 200
            ),
            questions=tuple(
                (r["prompt"][:MOST], str(r["meta"].get("answer") or "")[:1500])
                for r in rows(shared, "question_banks")
            ),
            templates=_templates(shared),
            seeds=tuple(
                r["prompt"][:MOST]
                for r in rows(shared, "attack_instances")
                if r["role"] in ("synthetic_instruction", "seed_instruction")
            ),
        )


def _turns(row: dict[str, Any]) -> tuple[str, ...]:
    said = [t["content"][:MOST] for t in row.get("turns") or () if t["role"] == "user" and t["content"]]
    return tuple(said[:10]) or (str(row["prompt"])[:MOST],)


def _templates(shared: Path) -> tuple[Template, ...]:
    found = []
    for row in rows(shared, "attack_templates"):
        names = " ".join(SLOT.findall(row["prompt"])).lower()
        if 150 < len(row["prompt"]) < 3_000 and any(word in names for word in _QUESTIONS):
            found.append(Template(row["meta"]["pipeline"], row["capability"], row["prompt"]))
    return tuple(found)


class Speaker:
    """Writes answers that speak of what a prompt says, of a wanted length, never twice the same."""

    def __init__(self) -> None:
        self._lexicons: dict[str, Lexicon] = {name: lexicon(name) for name in ("en", "zh", "ja", "ru")}

    def topic(self, rng: Random, text: str) -> Topic:
        """Return a topic made of words of the text, in a language of its script."""
        head = text[:1_200]
        if any("\u3040" <= c <= "\u30ff" for c in head[:200]):
            words, name = _pieces(rng, head), "ja"
        elif sum("\u4e00" <= c <= "\u9fff" for c in head[:200]) > 20:
            words, name = _pieces(rng, head), "zh"
        else:
            words = [w.strip(".,;:!?\"'()[]") for w in head.split()]
            words = [w for w in words if 3 < len(w) < 18 and w.isalpha()]
            name = "ru" if words and "а" <= words[0][-1].lower() <= "я" else "en"
        base = self._lexicons[name]
        nouns = tuple(words[:60]) or base.domains[0]
        return Topic(base, nouns + pick(rng, base.domains), nouns)

    def answer(self, rng: Random, prompt: str, tokens: int) -> str:
        """Return about `tokens` tokens of answer to a prompt."""
        topic = self.topic(rng, prompt)
        return topic.passage(rng, max(1, tokens // 14))


def _pieces(rng: Random, text: str) -> list[str]:
    starts = [int(rng.random() * max(len(text) - 4, 1)) for _ in range(30)]
    return [text[s : s + 2 + s % 3].strip() or "事" for s in starts]
