"""What a grammar must satisfy before it is compiled: every rule exists and none comes back to itself."""

from __future__ import annotations

from stillwatch.ranges.text.grammar import SMALL_REPLY, SMALL_SAID, Grammar, GrammarError
from stillwatch.ranges.text.slots import OF_A_RULE, Op

DEEPEST = 48  # frames of one text, arguments aside: far beyond any prose, small enough to lie in cache

Key = tuple[str, str]


def check(grammar: Grammar) -> int:
    """Return the greatest depth of any rule; a GrammarError names what cannot be compiled."""
    edges = {key: _uses(grammar, key) for key in list(grammar.rules)}
    edges |= {key: _uses(grammar, key) for key in list(grammar.rules) if key not in edges}  # built in
    depth: dict[Key, int] = {}
    for key in edges:
        _measure(grammar, edges, key, depth, ())
    _check_small_talk(grammar)
    return max(depth.values(), default=1)


def _uses(grammar: Grammar, key: Key) -> list[tuple[Key, int]]:
    """Return the rules that a rule's alternatives name, each with the alternative's number."""
    language, _ = key
    used: list[tuple[Key, int]] = []
    for number, alternative in enumerate(grammar.rules[key].alternatives, 1):
        for piece in alternative.pieces:
            if piece.op in OF_A_RULE:
                found = grammar.find(language, piece.rule)
                if found is None:
                    raise GrammarError(
                        f"{_where(grammar, key, number)}: no rule {piece.rule!r} in {language!r} or English; "
                        "define it or correct the slot"
                    )
                used.append((found, number))
            elif piece.op in (Op.NOUN, Op.FOCUS) and language not in grammar.languages:
                raise GrammarError(
                    f"{_where(grammar, key, number)}: a noun, but no file gives {language!r} `domains`"
                )
    return used


def _measure(
    grammar: Grammar,
    edges: dict[Key, list[tuple[Key, int]]],
    key: Key,
    depth: dict[Key, int],
    above: tuple[Key, ...],
) -> int:
    if key not in depth:
        deepest = 0
        for used, number in edges[key]:
            path = (*above, key)
            if used in path or len(path) > DEEPEST:
                chain = " > ".join(rule for _, rule in (*path, used))
                raise GrammarError(
                    f"{_where(grammar, key, number)}: rules nest too deep or for ever: {chain}; break the chain"
                )
            deepest = max(deepest, _measure(grammar, edges, used, depth, path))
        depth[key] = deepest + 1
    if len(above) + depth[key] > DEEPEST + 1:
        raise GrammarError(f"{grammar.rules[key].source}: rule {key[1]!r}: nests deeper than {DEEPEST} rules")
    return depth[key]


def _check_small_talk(grammar: Grammar) -> None:
    for language, rule in grammar.rules:
        if rule == SMALL_SAID:
            said, reply = grammar.rules[language, rule], grammar.rules.get((language, SMALL_REPLY))
            if reply is None or _weights(said.alternatives) != _weights(reply.alternatives):
                raise GrammarError(f"{said.source}: {SMALL_SAID}: needs one {SMALL_REPLY} for each message")


def _weights(alternatives: object) -> list[int]:
    return [a.weight for a in alternatives]  # type: ignore[attr-defined]


def _where(grammar: Grammar, key: Key, number: int) -> str:
    return f"{grammar.rules[key].source}: rule {key[1]!r}, alternative {number}"
