"""A grammar compiled to arrays: what the kernel runs.

Columns of `ops` (one row a piece): operation, a, b, c, rule or language, where its separator begins, how long
that is, capital. Of a literal a and b say where it begins in the pool and how long it is. Columns of `picks`
(one row an alternative, repeated by its weight): its first op, the op after its last, and, where it is no
more than one literal, where that begins and how long it is (else -1): most words need no look at their op.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.hashing import stream
from stillwatch.ranges.text.checks import check
from stillwatch.ranges.text.grammar import SMALL_REPLY, SMALL_SAID, Grammar
from stillwatch.ranges.text.lengths import counts
from stillwatch.ranges.text.slots import OF_A_RULE, Alternative, Op, Piece

PADDING = 32  # bytes after the pool: the kernel copies 32 at a time
POOL_LIMIT = 2**31 - 1

Key = tuple[str, str]


class Program(NamedTuple):
    """The arrays of a compiled grammar; all but the last three grow with it."""

    ops: NDArray[np.int32]  # (pieces, 8)
    picks: NDArray[np.int32]  # (weighted alternatives, 4)
    rules: NDArray[np.int32]  # (symbols, 2): first pick, number of picks
    salts: NDArray[np.uint64]  # (symbols,): from the rule's name, so that a new rule moves no other's text
    nouns: NDArray[np.int32]  # (nouns, 2): place in the pool, length
    domains: NDArray[np.int32]  # (domains, 2): first noun, number of nouns
    languages: NDArray[np.int32]  # (languages, 2): first domain, number of domains
    pool: NDArray[np.uint8]
    counts: NDArray[np.int32]  # (2, 256, 64), see `lengths`
    upper: NDArray[np.int32]  # (2048,): upper case of a code point of one or two bytes


@dataclass(frozen=True)
class Compiled:
    """A program and the names of its parts."""

    program: Program
    symbols: dict[Key, int]  # (language, rule)
    languages: tuple[str, ...]
    weights: NDArray[np.float64]
    depth: int  # frames that one text needs, arguments included


def compile_grammar(grammar: Grammar) -> Compiled:
    """Check a grammar and lay it out as arrays; a GrammarError names what is wrong."""
    depth = check(grammar)
    return _Layout(grammar).compiled(2 * depth + 2)  # the argument's frames lie on the text's own


def salt(language: str, rule: str) -> int:
    """Return the unsigned 64-bit salt of a rule; small talk's message and reply share one, and so a pick."""
    return stream(0, "rule", language, SMALL_SAID if rule == SMALL_REPLY else rule)


def upper_table() -> NDArray[np.int32]:
    """Return, for code points under 2048, that of their upper case where it takes as many bytes."""
    table = np.arange(2048, dtype=np.int32)
    for point in range(2048):
        raised = chr(point).upper()
        if len(raised) == 1 and len(raised.encode()) == len(chr(point).encode()):
            table[point] = ord(raised)
    return table


class _Layout:
    """The arrays while they grow."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.symbols = {key: number for number, key in enumerate(sorted(grammar.rules))}
        codes = sorted(grammar.languages, key=lambda code: (code != "en", code))
        self.languages = {code: number for number, code in enumerate(codes)}
        self.pool = bytearray()
        self.places: dict[bytes, tuple[int, int]] = {}
        self.ops: list[tuple[int, ...]] = []

    def compiled(self, depth: int) -> Compiled:
        picks: list[tuple[int, ...]] = []
        rules = []
        for language, rule in self.symbols:
            alternatives = self.grammar.rules[language, rule].alternatives
            first = len(picks)
            for alternative in alternatives:
                picks += [self._pick(language, alternative)] * alternative.weight
            rules.append((first, len(picks) - first))
        nouns, domains, languages = self._nouns()
        if len(self.pool) > POOL_LIMIT - PADDING:
            raise ValueError("the grammar's texts are over 2 GiB: give a smaller corpus")
        program = Program(
            ops=_table(self.ops, 8), picks=_table(picks, 4), rules=_table(rules, 2),
            salts=np.array([salt(*key) for key in self.symbols], dtype=np.uint64),
            nouns=_table(nouns, 2), domains=_table(domains, 2), languages=_table(languages, 2),
            pool=np.frombuffer(bytes(self.pool) + bytes(PADDING), dtype=np.uint8).copy(),
            counts=counts(), upper=upper_table(),
        )  # fmt: skip
        weights = np.array([self.grammar.languages[code].weight for code in self.languages])
        if not weights.any():
            weights[:] = 1
        return Compiled(program, self.symbols, tuple(self.languages), weights / weights.sum(), depth)

    def _pick(self, language: str, alternative: Alternative) -> tuple[int, ...]:
        first = len(self.ops)
        self.ops += [self._op(language, piece) for piece in alternative.pieces]
        alone = len(alternative.pieces) == 1 and alternative.pieces[0].op is Op.LITERAL
        return first, len(self.ops), *(self.ops[first][1:3] if alone else (-1, -1))

    def _op(self, language: str, piece: Piece) -> tuple[int, ...]:
        a, b = self._place(piece.text) if piece.op is Op.LITERAL else (piece.a, piece.b)
        whose = -1
        if piece.op in OF_A_RULE:
            found = self.grammar.find(language, piece.rule)
            assert found is not None  # `check` saw to it
            whose = self.symbols[found]
        elif piece.op in (Op.NOUN, Op.FOCUS):
            whose = self.languages[language]
        if piece.op in (Op.REPEAT, Op.MEASURED):
            joiner = self.grammar.languages[language].joiner if language in self.grammar.languages else " "
            between = self._place(joiner if piece.separator is None else piece.separator)
        else:
            between = (0, 0)
        return int(piece.op), a, b, piece.c, whose, *between, int(piece.capital)

    def _nouns(self) -> tuple[list[tuple[int, int]], ...]:
        nouns: list[tuple[int, int]] = []
        domains: list[tuple[int, int]] = []
        languages = []
        for code in self.languages:
            first = len(domains)
            for domain in self.grammar.languages[code].domains:
                domains.append((len(nouns), len(domain)))
                nouns += [self._place(noun) for noun in domain]
            languages.append((first, len(domains) - first))
        return nouns, domains, languages

    def _place(self, text: str) -> tuple[int, int]:
        raw = text.encode()
        if raw not in self.places:
            self.places[raw] = (len(self.pool), len(raw))
            self.pool += raw
        return self.places[raw]


def _table(rows: Any, width: int) -> NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(-1, width)
