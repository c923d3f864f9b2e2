"""Small grammars and columns for tests of the text engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text import Refs, Talk, Texts, profile
from stillwatch.ranges.text.grammar import Grammar, add_file

ENGLISH = r"""
language: en
weight: 3
domains:
  home: [lease, boiler, bicycle, tax return, garden, kitchen]
  work: [database, cache, login]
small_talk: [["Hello", "Hello to you"], ["Thanks", "Any time"], ["Bye", "See you"]]
refusal: ["I cannot help with that.", "No."]
rules:
  verb: [check, replace, [3, move], explain]
  adj: [cheap, "", new, Slow, "ärgerlich", "жёлтый", "ß-förmig"]
  request: ["How can I {verb} {n} and {f}?", "{^verb} my {f} with {num} words, {adj}."]
  follow_up: ["And {f2}?", "{^adj} enough?"]
  clause: ["the {n} {verb}s {adj}", "one may {verb} the {n}"]
  statement: ["{^clause}, and {clause}.", "In {d:3-9} days {f} is {adj}.", "{^n} is {^adj} like {f2}."]
  answer: ["{statement*said}", "- {statement*said|\n- }"]
  passage: ["{statement*asked}"]
  document: ["{passage%3} | {passage%1} | {c:0:adj} {c:0:adj} {^c:7:clause} {v:0:2-401} {calc} {hex:20}"]
  instruction: ["Grade {adj}: {arg0}", "Judge {adj}: {arg0}", "Rate {adj}: {arg0} against {arg1}"]
  wrapped: ["{t:0:instruction} {{x}} {adj*0-3|, } {n*2}"]
  call: ['{{"path": "{verb}/{hex:4}"}}']
"""
GERMAN = r"""
language: de
weight: 1
domains: {alltag: [Mietvertrag, Fahrrad, Übung]}
small_talk: [["Hallo", "Hallo!"]]
rules:
  request: ["Wie {verb} ich {n}?", "{^f} oder {f2}?"]
  statement: ["{n} ist gut.", "{^adj} {f}!"]
  answer: ["{statement*said}"]
"""
CHINESE = r"""
language: zh
spaced: false
domains: {日常: [合同, 锅炉, 自行车]}
rules:
  statement: ["{n}很好。", "{f}和{f2}。"]
  answer: ["{^statement*said}"]
"""


def grammar(*files: str) -> Grammar:
    """Return the grammar of some files' contents, by default of three languages."""
    built = Grammar()
    for number, text in enumerate(files or (ENGLISH, GERMAN, CHINESE)):
        add_file(built, f"file{number}.yaml", text)
    return built


def texts(*files: str) -> Texts:
    """Return the engine of a grammar."""
    return Texts(grammar(*files))


def one_rule(*alternatives: str, **further: list[str]) -> str:
    """Return an English file with rule `text` and further rules."""
    import json

    rules = {"text": list(alternatives), **further}
    return f"language: en\ndomains: {{a: [lease, boiler, garden]}}\nrules: {json.dumps(rules)}\n"


def refs(symbol: int, n: int = 1, topic: int = 1, sample: int = 0) -> Refs:
    """Return n references to a rule, on one topic, in turns of their own."""
    topics = np.full(n, topic, np.uint64)
    return Refs(np.full(n, symbol, np.int32), topics, mix(topic, np.arange(n)), np.full(n, sample, np.uint16))


def talk(n: int, script: int, **columns: Any) -> Talk:
    """Return n exchanges of n conversations; columns as given, a scalar for all rows."""
    usual: dict[str, Any] = {
        "script": script, "topic": mix(1, np.arange(n)), "thread": mix(2, np.arange(n)),
        "thread2": mix(3, np.arange(n)), "first": 0, "fork": 0, "turn": 0, "sample": 0, "closing": False,
        "profile": profile(3, 2),
    }  # fmt: skip
    given = {name: np.broadcast_to(np.asarray(columns.get(name, value)), n) for name, value in usual.items()}
    return Talk(**given, arg0=columns.get("arg0", Refs.none(n)), arg1=columns.get("arg1", Refs.none(n)))
