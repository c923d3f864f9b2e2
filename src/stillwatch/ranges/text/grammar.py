"""Grammars as they are written: languages, their nouns and rules, read from YAML files.

A file with `domains` is a language's own; further files of the language hold only `rules`. A rule that a
language does not have is taken from English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from stillwatch.ranges.text.slots import BUILT_IN, RESERVED, Alternative, Piece, parse

FALLBACK = "en"
HEAVIEST = 1000  # weight of an alternative; the picks of a rule are laid out one by one
SMALL_SAID = "small_said"
SMALL_REPLY = "small_reply"  # aligned with SMALL_SAID: the same hash picks message and reply
REFUSAL = "refusal"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class GrammarError(ValueError):
    """A grammar cannot be used; the message names file, rule and alternative, and what to do."""


@dataclass(frozen=True)
class Rule:
    """The ways to write one thing in one language, and the file that tells them."""

    source: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Language:
    """What a language has besides rules."""

    code: str
    spaced: bool = True
    weight: float = 0.0
    domains: tuple[tuple[str, ...], ...] = ()

    @property
    def joiner(self) -> str:
        """What stands between two sentences."""
        return " " if self.spaced else ""


@dataclass
class Grammar:
    """All languages and their rules."""

    languages: dict[str, Language] = field(default_factory=dict)
    rules: dict[tuple[str, str], Rule] = field(default_factory=dict)  # (language, rule)

    def find(self, language: str, rule: str) -> tuple[str, str] | None:
        """Return the key of a rule for a language: its own, English, or that of a built-in slot."""
        for key in ((language, rule), (FALLBACK, rule)):
            if key in self.rules:
                return key
        if rule in BUILT_IN:
            self.rules[language, rule] = Rule("built in", (Alternative(parse(f"{{{rule}}}")),))
            return language, rule
        return None

    def define(self, language: str, rule: str, said: Rule) -> None:
        """Add a rule; a GrammarError if there is one, or its name is a slot's."""
        if rule in RESERVED:
            raise GrammarError(f"{said.source}: rule {rule!r}: that is a slot's name; choose another")
        if (language, rule) in self.rules:
            raise GrammarError(
                f"{said.source}: rule {rule!r} of {language!r} is defined in {self.rules[language, rule].source} "
                "already; keep one or rename"
            )
        self.rules[language, rule] = said


def read_lexicon(folder: Traversable | None = None) -> Grammar:
    """Read every `*.yaml` of a folder, by default that of this package."""
    place = folder or files(__package__) / "lexicon"
    grammar = Grammar()
    for file in sorted(place.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            add_file(grammar, file.name, file.read_text(encoding="utf-8"))
    if not grammar.languages:
        raise GrammarError(f"{place}: no language here; write at least one file with `domains` and `rules`")
    return grammar


def add_file(grammar: Grammar, name: str, text: str) -> None:
    """Add the language or the further rules that one file holds."""
    try:
        raw = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise GrammarError(f"{name}: not YAML: {error}") from error
    known = {"language", "spaced", "weight", "domains", "rules", "small_talk", "refusal"}
    if not isinstance(raw, dict) or not isinstance(raw.get("language"), str) or raw.keys() - known:
        raise GrammarError(f"{name}: expected a mapping with `language` and any of {sorted(known)}")
    code = raw["language"]
    if "domains" in raw:
        if code in grammar.languages:
            raise GrammarError(f"{name}: a second file with `domains` for {code!r}; keep one")
        grammar.languages[code] = _language(name, code, raw)
    for rule, alternatives in _rules(name, raw):
        grammar.define(code, rule, Rule(name, tuple(_alternatives(name, rule, alternatives))))


def _language(name: str, code: str, raw: Mapping[str, Any]) -> Language:
    domains = raw["domains"]
    nouns = list(domains.values()) if isinstance(domains, dict) else []
    good = [isinstance(d, list) and len(d) >= 2 and all(isinstance(n, str) and n for n in d) for d in nouns]
    if not nouns or not all(good):
        raise GrammarError(f"{name}: domains: expected lists of two nouns or more each, numbers in quotes")
    weight = raw.get("weight", 0)
    if not isinstance(weight, int | float) or weight < 0:
        raise GrammarError(f"{name}: weight: expected a share of traffic, 0 or more, found {weight!r}")
    return Language(code, bool(raw.get("spaced", True)), float(weight), tuple(map(tuple, nouns)))


def _rules(name: str, raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    rules = raw.get("rules") or {}
    if not isinstance(rules, dict):
        raise GrammarError(f"{name}: rules: expected a mapping of names to lists")
    yield from rules.items()
    pairs = raw.get("small_talk") or []
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise GrammarError(f"{name}: small_talk: expected pairs [message, reply]")
    if pairs:
        yield SMALL_SAID, [[1, said] for said, _ in pairs]
        yield SMALL_REPLY, [[1, reply] for _, reply in pairs]
    if "refusal" in raw:
        yield REFUSAL, raw["refusal"]


def _alternatives(name: str, rule: object, raw: Any) -> Iterator[Alternative]:
    listed = [raw] if isinstance(raw, str) else raw
    if not isinstance(rule, str) or not isinstance(listed, list) or not listed:
        raise GrammarError(f"{name}: rule {rule!r}: expected a name and a list of alternatives")
    for number, said in enumerate(listed, 1):
        weight, text = said if isinstance(said, list) and len(said) == 2 else (1, said)
        where = f"{name}: rule {rule!r}, alternative {number}"
        if not isinstance(text, str):
            raise GrammarError(f"{where}: expected text, found {text!r}; put it in quotes")
        if not isinstance(weight, int) or not 1 <= weight <= HEAVIEST:
            raise GrammarError(f"{where}: expected a whole weight in 1..{HEAVIEST}, found {weight!r}")
        yield Alternative(_pieces(where, text), weight)


def _pieces(where: str, text: str) -> tuple[Piece, ...]:
    try:
        return parse(text)
    except ValueError as error:
        raise GrammarError(f"{where}: {error}") from error
