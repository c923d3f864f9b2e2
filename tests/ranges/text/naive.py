"""The definition of a text: an interpreter of grammars in plain Python, which the kernel must equal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stillwatch.ranges.text.grammar import Grammar
from stillwatch.ranges.text.lengths import FREE, counts
from stillwatch.ranges.text.program import salt
from stillwatch.ranges.text.slots import Alternative, Op, Piece

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15


def finalise(x: int) -> int:
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def mix(a: int, b: int) -> int:
    return finalise(((a ^ (b * GOLDEN & MASK)) + GOLDEN) & MASK)


def below(bits: int, n: int) -> int:
    return (bits >> 32) * n >> 32


def share(bits: int) -> float:
    return (bits >> 11) * 2.0**-53


@dataclass
class Sequence:
    """SplitMix64."""

    state: int

    def draw(self) -> int:
        self.state = (self.state + GOLDEN) & MASK
        return finalise(self.state)


@dataclass(frozen=True)
class Ref:
    """A reference: rule and language by name."""

    rule: str
    language: str = "en"
    topic: int = 0
    seed: int = 0
    sample: int = 0


@dataclass(frozen=True)
class Context:
    """What an expansion depends on."""

    rng: Sequence
    topic: int
    seed: int
    profile: int
    arguments: tuple[Ref | None, ...]


@dataclass
class Naive:
    """Texts of a grammar."""

    grammar: Grammar

    def text(self, ref: Ref, profile: int, arguments: tuple[Ref | None, ...] = (None, None)) -> str:
        key = self.grammar.find(ref.language, ref.rule)
        assert key is not None
        state = mix(mix(ref.seed, salt(*key)), ref.sample)
        return self.expand(key, Context(Sequence(state), ref.topic, ref.seed, profile, arguments))

    def expand(self, key: tuple[str, str], at: Context, bits: int | None = None) -> str:
        laid_out = [a for a in self.grammar.rules[key].alternatives for _ in range(a.weight)]
        chosen: Alternative = laid_out[below(at.rng.draw() if bits is None else bits, len(laid_out))]
        return "".join(self.piece(key[0], piece, at) for piece in chosen.pieces)

    def piece(self, language: str, piece: Piece, at: Context) -> str:
        written = self.written(language, piece, at)
        return capitalised(written) if piece.capital else written

    def written(self, language: str, piece: Piece, at: Context) -> str:
        match piece.op:
            case Op.LITERAL:
                return piece.text
            case Op.NOUN | Op.FOCUS:
                return self.noun(language, piece, at)
            case Op.NUMBER:
                part = at.rng.draw() >> 44
                part = part * part >> 20
                return str(2 + ((part * part >> 20) * 500 >> 20))
            case Op.UNIFORM:
                return str(piece.a + below(at.rng.draw(), piece.b - piece.a + 1))
            case Op.FIGURE:
                return str(figure(at.topic, piece.c, piece.a, piece.b))
            case Op.CALC:
                ends = ((2, 401), (2, 31), (2, 61), (2, 21))
                v = [figure(at.topic, k, low, high) for k, (low, high) in enumerate(ends)]
                return str((v[0] * v[1] - v[2]) // v[3])
            case Op.HEX:
                return hex_digits(at.rng, piece.a)
            case Op.ARGUMENT:
                ref = at.arguments[piece.a]
                return "" if ref is None else self.text(ref, at.profile)
        return self.of_a_rule(language, piece, at)

    def of_a_rule(self, language: str, piece: Piece, at: Context) -> str:
        key = self.grammar.find(language, piece.rule)
        assert key is not None
        match piece.op:
            case Op.CHOSEN:
                return self.expand(key, at, mix(at.topic, (5 << 40) + piece.a))
            case Op.BOUND:
                return self.expand(key, fixed(at, mix(at.topic, piece.a)))
            case Op.STORED:
                which = below(at.rng.draw(), piece.a)
                return self.expand(key, fixed(at, mix(mix(at.topic ^ (4 << 40), salt(*key)), which)))
            case Op.REPEAT:
                times = piece.a + below(at.rng.draw(), piece.b - piece.a + 1)
            case Op.MEASURED:
                times = int(counts()[piece.a, at.profile, at.rng.draw() & 63])
            case _:
                times = 1
        joiner = self.grammar.languages[language].joiner if language in self.grammar.languages else " "
        between = joiner if piece.separator is None else piece.separator
        return between.join(self.expand(key, at) for _ in range(times))

    def noun(self, language: str, piece: Piece, at: Context) -> str:
        domains = self.grammar.languages[language].domains
        domain = domains[below(mix(at.topic, 1 << 40), len(domains))]
        if piece.op is Op.NOUN:
            bits = at.rng.draw()
            if bits & 0xFFFF < 45_875:
                bits = mix(at.topic, (2 << 40) + below(bits, 5))
            return domain[below(bits, len(domain))]
        state = mix(mix(at.topic, at.seed), 7 << 40)
        first = below(state, len(domain))
        if piece.a == 0:
            return domain[first]
        return domain[(first + below(mix(state, 7 << 40), len(domain) - 1) + 1) % len(domain)]


def fixed(at: Context, state: int) -> Context:
    """The context of what a topic fixes."""
    length = mix(at.topic, 6 << 40)
    profile = FREE + (3 + length % 5) * 16 + 3 + (length >> 32) % 5
    return replace(at, rng=Sequence(state), seed=state, profile=profile)


def figure(topic: int, variable: int, low: int, high: int) -> int:
    return low + below(mix(topic, (3 << 40) + variable), high - low + 1)


def hex_digits(rng: Sequence, count: int) -> str:
    written = ""
    while len(written) < count:
        bits = rng.draw()
        written += "".join(f"{bits >> 4 * i & 15:x}" for i in range(16))
    return written[:count]


def capitalised(text: str) -> str:
    """The first letter raised, where that takes as many bytes, of one or two."""
    if text and ord(text[0]) < 2048:
        raised = text[0].upper()
        if len(raised) == 1 and len(raised.encode()) == len(text[0].encode()):
            return raised + text[1:]
    return text
