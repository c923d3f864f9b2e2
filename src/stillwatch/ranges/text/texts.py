"""The engine: a compiled grammar that writes texts, messages and answers for columns of references."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.ranges.text.columns import NONE, Answers, Refs, Talk
from stillwatch.ranges.text.corpus import add_corpus
from stillwatch.ranges.text.grammar import FALLBACK, REFUSAL, SMALL_REPLY, SMALL_SAID, Grammar, read_lexicon
from stillwatch.ranges.text.lengths import profile as length_profile
from stillwatch.ranges.text.messages import messages
from stillwatch.ranges.text.program import compile_grammar
from stillwatch.ranges.text.rows import render
from stillwatch.ranges.text.scripts import Script, ScriptTable, table
from stillwatch.ranges.text.turns import Turns

USUAL_SAID, USUAL_ASKED = 5, 2  # sentences, where no profile is given


class Texts:
    """Texts of all languages. Safe to use from several threads: kernels run without the interpreter's lock."""

    def __init__(self, grammar: Grammar) -> None:
        """Compile a grammar; a GrammarError names what is wrong with it."""
        self.compiled = compile_grammar(grammar)
        self.languages: tuple[str, ...] = self.compiled.languages
        self.weights: NDArray[np.float64] = self.compiled.weights  # (languages,), sum 1: shares of traffic
        self._scripts: dict[tuple[Script, str], int] = {}
        self._rows: list[tuple[Script, list[int]]] = []
        self._table: ScriptTable = table([])
        self._lock = Lock()

    @staticmethod
    def load(corpus: Path | None = None) -> Texts:
        """Return the package's texts, compiled once a process; those of a corpus replace its rules.

        `corpus` is a folder of research data (see `corpus`). A GrammarError or CorpusError names file and line.
        """
        return _loaded(None if corpus is None else Path(corpus).resolve())

    def symbol(self, rule: str, language: str = FALLBACK) -> int:
        """Return the number of a language's rule, of English if it has none; a ValueError names what exists."""
        for key in ((language, rule), (FALLBACK, rule)):
            if language in self.languages and key in self.compiled.symbols:
                return self.compiled.symbols[key]
        if language not in self.languages:
            raise ValueError(f"language: expected one of {', '.join(self.languages)}, found {language!r}")
        known = sorted({name for code, name in self.compiled.symbols if code in (language, FALLBACK)})
        raise ValueError(f"rule: no {rule!r} in {language!r}; there are {', '.join(known)}")

    def symbols(self, rule: str) -> NDArray[np.int32]:
        """Return a rule's numbers, int32, one per language in the order of `languages`."""
        return np.array([self.symbol(rule, code) for code in self.languages], np.int32)

    def script(self, script: Script, language: str = FALLBACK) -> int:
        """Return the number of a script in a language, the same each time; a ValueError names a missing rule."""
        row = [NONE if rule is None else self.symbol(rule, language) for rule in self._said(script)]
        with self._lock:
            if (script, language) not in self._scripts:
                self._rows.append((script, [*row, script.shots]))
                self._table = table(self._rows)
                self._scripts[script, language] = len(self._rows) - 1
            return self._scripts[script, language]

    def _said(self, script: Script) -> tuple[str | None, ...]:
        small = bool(script.small_talk)
        return (
            script.opening, script.follow_up, script.answer, script.later_answer or script.answer, script.tool,
            script.call if script.tool else None, SMALL_SAID if small else None, SMALL_REPLY if small else None,
            REFUSAL if script.refusal else None,
        )  # fmt: skip

    def render(
        self,
        refs: Refs,
        profile: NDArray[np.uint8] | None = None,
        arg0: Refs | None = None,
        arg1: Refs | None = None,
    ) -> pa.StringArray:
        """Return n texts; null where the symbol is -1.

        `profile` is each text's length profile (n,), `arg0` and `arg1` what `{arg0}` and `{arg1}` stand for.
        A ValueError for lengths that differ, an unknown symbol, or more than 2 GiB of text.
        """
        usual = length_profile(USUAL_SAID, USUAL_ASKED)
        lengths = np.full(len(refs), usual, np.uint8) if profile is None else profile
        lengths = np.require(lengths, np.uint8, ["C", "A", "W"])
        for name, given in (("refs", refs), ("profile", lengths), ("arg0", arg0), ("arg1", arg1)):
            if given is not None and len(given) != len(refs):
                raise ValueError(f"{name}: {len(given)} rows for {len(refs)} texts")
        self._check(refs, arg0, arg1)
        return render(self.compiled, refs, lengths, arg0, arg1)

    def messages(self, talk: Talk) -> pa.ListArray:
        """Return what n exchanges send, of the schema's type MESSAGES; errors as of `render`."""
        return messages(self.compiled, self._checked(talk), talk)

    def answers(self, talk: Talk) -> Answers:
        """Return what the model answers in n exchanges; errors as of `render`."""
        scripts = self._checked(talk)
        turns = Turns(scripts, talk)
        names = [name for script, _ in self._rows for name in script.tool_names]
        return Answers(
            output=self.render(
                Refs(turns.symbol, talk.topic, turns.seed, turns.sample), talk.profile, talk.arg0, talk.arg1
            ),
            refused=turns.refused,
            call_name=pa.array(names, pa.string()).take(pa.array(turns.tool, mask=turns.tool == NONE)),
            call_arguments=self.render(
                Refs(turns.call, talk.topic, turns.seed, turns.sample), talk.profile, talk.arg0, talk.arg1
            ),
        )

    def _checked(self, talk: Talk) -> ScriptTable:
        scripts = self._table
        if len(talk) and not 0 <= talk.script.min() <= talk.script.max() < len(scripts.symbols):
            raise ValueError("Talk.script: a number that `Texts.script` did not return")
        self._check(talk.arg0, talk.arg1)
        return scripts

    def _check(self, *given: Refs | None) -> None:
        for refs in given:
            if (
                refs is not None
                and len(refs)
                and not (NONE <= refs.symbol.min() <= refs.symbol.max() < len(self.compiled.symbols))
            ):
                raise ValueError("Refs.symbol: a number that `Texts.symbol` did not return")


@lru_cache(maxsize=4)
def _loaded(corpus: Path | None) -> Texts:
    grammar = read_lexicon()
    if corpus is not None:
        add_corpus(grammar, corpus)
    return Texts(grammar)
