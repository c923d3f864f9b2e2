"""Text for simulated traffic: small grammars in eight languages, with word lists of our own.

A `Topic` is what one conversation is about: a language, a domain and a few of its nouns. Requests,
follow-ups and answers of a topic speak of the same things, and an answer speaks of what its prompt named.
Sentences are sampled, so two answers to one prompt differ, as those of a model at temperature 1 do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import TypeVar

import yaml

LANGUAGES = ("en", "de", "es", "fr", "pt", "ru", "zh", "ja")
LANGUAGE_WEIGHTS = (0.56, 0.07, 0.08, 0.06, 0.05, 0.05, 0.08, 0.05)

_SLOT = re.compile(r"\{(\w+?)\}")
_POOL_OF_SLOT = {
    "verb": "verbs",
    "verb2": "verbs",
    "adj": "adjectives",
    "adj2": "adjectives",
    "time": "times",
    "person": "people",
    "place": "places",
    "name": "names",
}

T = TypeVar("T")


def pick(rng: Random, choices: Sequence[T]) -> T:
    """Return one element, uniformly; several times faster than `Random.choice`."""
    return choices[int(rng.random() * len(choices))]


@dataclass(frozen=True)
class Pattern:
    """A sentence with slots, cut at its slots: literals and slot names in turn."""

    pieces: tuple[str, ...]  # even positions literal, odd positions slot names

    @staticmethod
    def parse(text: str) -> Pattern:
        return Pattern(tuple(_SLOT.split(text)))


@dataclass(frozen=True)
class Lexicon:
    """The words and sentence patterns of one language."""

    language: str
    spaced: bool
    domains: tuple[tuple[str, ...], ...]
    words: dict[str, tuple[str, ...]]
    patterns: dict[str, tuple[Pattern, ...]]
    phrases: dict[str, tuple[Pattern, ...]]  # patterns that stand in a slot of their own name
    small_talk: tuple[tuple[str, str], ...]  # message and stock reply
    refusal: str


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language (ISO 639-1); a KeyError-like ValueError names those that exist."""
    if language not in LANGUAGES:
        raise ValueError(f"language: expected one of {', '.join(LANGUAGES)}, found {language!r}")
    text = files(__package__).joinpath("lexicon", f"{language}.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    return Lexicon(
        language=language,
        spaced=bool(raw["spaced"]),
        domains=tuple(tuple(nouns) for nouns in raw["domains"].values()),
        words={name: tuple(map(str, raw[name])) for name in sorted(set(_POOL_OF_SLOT.values()))},
        patterns={
            name: tuple(Pattern.parse(p) for p in raw[name])
            for name in ("requests", "follow_ups", "statements", "openers")
        },
        small_talk=tuple((said, reply) for said, reply in raw["small_talk"]),
        refusal=raw["refusal"],
        phrases={name: tuple(Pattern.parse(p) for p in forms) for name, forms in raw["phrases"].items()},
    )


@dataclass(frozen=True)
class Topic:
    """What one conversation is about."""

    lexicon: Lexicon
    domain: tuple[str, ...]
    nouns: tuple[str, ...]

    @staticmethod
    def draw(rng: Random, language: str | None = None) -> Topic:
        """Draw a topic; the language by the mix of the world's traffic unless given."""
        chosen = language or rng.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0]
        words = lexicon(chosen)
        domain = pick(rng, words.domains)
        return Topic(words, domain, tuple(rng.sample(domain, 5)))

    def request(self, rng: Random) -> str:
        """Return an opening message, sometimes with the situation told first."""
        ask = self._say(rng, "requests", self.nouns)
        if rng.random() < 0.45:
            told = [self._say(rng, "statements", self.nouns) for _ in range(1 + int(rng.random() * 3))]
            return self.join([*told, ask])
        return ask

    def follow_up(self, rng: Random) -> str:
        """Return a later message of a conversation."""
        return self._say(rng, "follow_ups", self.nouns)

    def answer(self, rng: Random, prompt: str, sentences: int | None = None) -> str:
        """Return an answer that speaks of what the prompt named; 2 to 14 sentences unless given."""
        named = tuple(n for n in self.domain if n in prompt)
        nouns = named + self.nouns if named else self.nouns
        count = sentences or 2 + int(rng.paretovariate(1.6))
        said = [self._say(rng, "statements", nouns) for _ in range(min(count, 14))]
        if rng.random() < 0.5:
            said.insert(0, self._say(rng, "openers", nouns))
        if count >= 4 and rng.random() < 0.35:
            bullet = "- " if self.lexicon.spaced else "・"
            return "\n".join([said[0], *(bullet + s for s in said[1:])])
        return self.join(said)

    def passage(self, rng: Random, sentences: int) -> str:
        """Return plain prose: a document, a note, a ticket."""
        return self.join([self._say(rng, "statements", self.nouns) for _ in range(sentences)])

    def join(self, sentences: Sequence[str]) -> str:
        """Join sentences as the script does."""
        return (" " if self.lexicon.spaced else "").join(sentences)

    def _say(self, rng: Random, form: str, nouns: Sequence[str]) -> str:
        said = self._expand(rng, pick(rng, self.lexicon.patterns[form]), nouns)
        return said[0].upper() + said[1:]

    def _expand(self, rng: Random, pattern: Pattern, nouns: Sequence[str]) -> str:
        pieces = list(pattern.pieces)
        for at in range(1, len(pieces), 2):
            pieces[at] = self._word(rng, pieces[at], nouns)
        return "".join(pieces)

    def _word(self, rng: Random, slot: str, nouns: Sequence[str]) -> str:
        if slot in ("n", "n2"):
            return pick(rng, nouns if rng.random() < 0.7 else self.domain)
        if slot in ("num", "num2"):
            return str(2 + int(rng.paretovariate(0.7)) % 500)
        forms = self.lexicon.phrases.get(slot)
        if forms is not None:
            return self._expand(rng, pick(rng, forms), nouns)
        return pick(rng, self.lexicon.words[_POOL_OF_SLOT[slot]])
