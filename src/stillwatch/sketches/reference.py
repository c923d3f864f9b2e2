"""The slow definition of a text's sketch, in plain Python: what the kernels must equal.

Read this to know what a mark is; the kernels only do it faster. Tests compare the two on random texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from stillwatch.sketches.hashing import BLOCK, PRIME
from stillwatch.sketches.keyring import Keyring, Purpose
from stillwatch.sketches.layout import MIN_ANSWER, QUOTED_CAP
from stillwatch.sketches.marks import CAP, HEAD, SHINGLE, SHORT, TAIL, WINDOW
from stillwatch.sketches.scripts import Script
from stillwatch.sketches.tokens import LONGEST_RUN
from stillwatch.sketches.unicode import Kind, kind_of, mapped, script_of

MASK = (1 << 64) - 1
WHITE = (
    "\t\n\v\f\r \u0085\u00a0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)
LONG = None  # the token that stands for a masked run
Token = str | None

_GAPS = re.compile(f"[{WHITE}]+")
_TOOL_CALLS = re.compile(r"(^|\n)\[tool_call:.*", re.DOTALL)


def mix(x: int) -> int:
    """SplitMix64's finaliser."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def seal(x: int, purpose: Purpose, ring: Keyring) -> int:
    """A hash in the key space of a purpose, signed as in the columns."""
    first, second = (int(k) for k in ring.seals[2 * purpose : 2 * purpose + 2])
    sealed = mix(mix(x ^ first) + second & MASK)
    return sealed - (1 << 64) if sealed >> 63 else sealed


def fold(text: str) -> str:
    """Trim, and fold each run of white space to one space."""
    return _GAPS.sub(" ", text).strip(" ")


def _polynomial(blocks: Iterable[int], ring: Keyring) -> int:
    state = 1
    for block in blocks:
        state = (state * int(ring.point) + block) % int(PRIME)
    return state


def exact(text: str, ring: Keyring) -> int:
    """Polynomial of the folded text's UTF-8 bytes, its last (perhaps empty) block, then its length."""
    data = fold(text).encode()
    whole = len(data) // BLOCK * BLOCK
    blocks = [int.from_bytes(data[i : i + BLOCK], "little") for i in range(0, whole, BLOCK)]
    return _polynomial([*blocks, int.from_bytes(data[whole:], "little"), len(data)], ring)


def hash_string(text: str, ring: Keyring) -> int:
    """Polynomial of a string as it is: its length, then blocks."""
    data = text.encode()
    blocks = [int.from_bytes(data[i : i + BLOCK], "little") for i in range(0, len(data), BLOCK)]
    return _polynomial([len(data), *blocks], ring)


def normalise(text: str) -> str:
    """Map every character on its own and drop the invisible ones."""
    return "".join(c for character in text for c in mapped(character) if kind_of(c) != Kind.DROP)


def _split_run(run: str) -> list[Token]:
    """Tokens of a run of word characters, digits and joiners that starts with a word character or digit."""
    visible = max(i for i, c in enumerate(run) if kind_of(c) != Kind.JOIN) + 1
    if visible > LONGEST_RUN or "://" in run:
        return [LONG]
    words = "".join(" " if kind_of(c) == Kind.JOIN else c for c in run).split()
    found: list[Token] = []
    for word in words:
        masked = "".join("0" if kind_of(c) == Kind.DIGIT else c for c in word)
        masked = "".join(
            c
            for i, c in enumerate(masked)
            if not (kind_of(word[i]) == Kind.DIGIT and i > 0 and kind_of(word[i - 1]) == Kind.DIGIT)
        )
        number = all(kind_of(c) == Kind.DIGIT for c in word)
        if not (number and found and found[-1] == "0"):
            found.append(masked)
    return found


def tokens(text: str) -> list[Token]:
    """Tokens of a text: words, single characters of unspaced scripts, masks."""
    found: list[Token] = []
    run = ""
    for character in [*normalise(text), "\n"]:
        kind = kind_of(character)
        if kind in (Kind.WORD, Kind.DIGIT) or (kind == Kind.JOIN and run):
            run += character
            continue
        if run and kind != Kind.JOIN:
            found.extend(_split_run(run))
            run = ""
        if kind == Kind.SINGLE:
            found.append(character)
    return found


def token_hash(token: Token, ring: Keyring) -> int:
    """Multilinear hash of a token's code points."""
    if token is LONG:
        return mix(int(ring.tokens[-1]))
    total = int(ring.tokens[0])
    for i, character in enumerate(token):
        total += int(ring.tokens[i + 1]) * ord(character)
    return mix(total & MASK)


def _shingles(hashes: Sequence[int], ring: Keyring) -> list[int]:
    keys = [int(k) for k in ring.shingles]
    count = len(hashes)
    if count < SHINGLE:
        return [mix(keys[SHINGLE + count] + sum(k * h for k, h in zip(keys, hashes, strict=False)) & MASK)]
    return [
        mix(keys[SHINGLE] + sum(keys[j] * hashes[i + j] for j in range(SHINGLE)) & MASK)
        for i in range(count - SHINGLE + 1)
    ]


def winnow(shingles: Sequence[int]) -> list[int]:
    """Least shingle of every window, the rightmost among equals, each place once."""
    if len(shingles) <= SHORT:
        return list(shingles)
    places: list[int] = []
    for start in range(len(shingles) - WINDOW + 1):
        place = min(range(start, start + WINDOW), key=lambda i: (shingles[i], -i))
        if not places or places[-1] != place:
            places.append(place)
    return [shingles[i] for i in places]


def marks(text: str, ring: Keyring) -> list[int]:
    """All marks of a text in order, before any cap."""
    if not fold(text):
        return []
    hashes = [token_hash(token, ring) for token in tokens(text)]
    if not hashes:
        return [mix(exact(text, ring) ^ int(ring.shingles[0]))]
    return winnow(_shingles(hashes, ring))


def choose(found: Sequence[int]) -> set[int]:
    """At most CAP marks: all, or the first, the last and the least of the middle."""
    if len(found) <= CAP:
        return set(found)
    middle = sorted(set(found[HEAD:-TAIL]))[: CAP - HEAD - TAIL]
    return {*found[:HEAD], *found[-TAIL:], *middle}


def answer(text: str) -> str:
    """The visible text of an assistant turn: before its tool calls."""
    return _TOOL_CALLS.sub(r"\1", text)


def dominant_script(text: str) -> Script:
    """The script with most letters, the lowest number among equals."""
    counts: dict[Script, int] = {}
    for character in "".join(map(mapped, text)):
        if kind_of(character) in (Kind.WORD, Kind.SINGLE):
            symbol = unicodedata.category(character) == "So"
            script = Script.SYMBOLS if symbol else script_of(character)
            counts[script] = counts.get(script, 0) + 1
    return min(counts, key=lambda script: (-counts[script], script), default=Script.NONE)


def answer_key(text: str, ring: Keyring) -> int | None:
    """Key of an answer, as output or as history; None for a short one."""
    visible = answer(text)
    return seal(exact(visible, ring), Purpose.ANSWER, ring) if len(fold(visible)) >= MIN_ANSWER else None


def quoted(turns: Sequence[tuple[str, str]], ring: Keyring) -> set[int]:
    """Marks of the user and tool turns, the newest first until QUOTED_CAP; of the last to fit, the least."""
    kept: list[int] = []
    for role, content in reversed(turns):
        if role in ("user", "tool") and len(kept) < QUOTED_CAP:
            found = marks(content, ring)
            room = QUOTED_CAP - len(kept)
            kept.extend(found if len(found) <= room else sorted(set(found))[:room])
    return set(kept)


def prefix_keys(turns: Sequence[tuple[str, str]], ring: Keyring) -> list[int]:
    """Chained keys after each turn, role and content, oldest first."""
    state = int(ring.seals[2 * Purpose.TURNS])
    keys = []
    for role, content in turns:
        code = {"user": 1, "assistant": 2, "tool": 3}.get(role, 0)
        state = mix(mix(state + code + 1 & MASK) ^ exact(content, ring))
        keys.append(seal(state, Purpose.TURNS, ring))
    return keys
