"""Counting: which labels stand, what kinds of work they are of, and how many pieces of work they come to.

A kind is a table and a place in it: work of several accounts or of one by its marks of a harvest (`shared`, `single`),
and work by what it is after (`clear`, `leaning`). The operator is the sampling unit: groups that share an organisation
or, where none is declared, a member count once in a kind, however often they are labelled.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from stillwatch.evidence.group import Group
from stillwatch.feedback.ledger import Entry, Ledger
from stillwatch.signals.declared_use import EXTRACTING_USES
from stillwatch.signals.harvest_shape import MIN_ANSWERS, marks_of_harvest
from stillwatch.signals.sought_capability import MIN_CLASSIFIED

MOST_BY_ONE = 5  # pieces of work by which one analyst may move a kind, for each side

Label = Literal["honest", "campaign"]
Kind = tuple[str, str]  # table, place


@dataclass(frozen=True)
class Word:
    """What people hold of one subject, taken together. `label` is None where nothing follows, and `why` says why."""

    about: str
    seed_id: str
    entry: Entry  # the latest with a fixture, else the latest
    label: Label | None
    why: str
    by: tuple[str, ...]  # whose words agree, in the order in which they were said
    appealed: bool = False  # an appeal was upheld: a fixture whatever else was said


@dataclass(frozen=True)
class Labelled:
    """One labelled piece of work."""

    entry_id: str
    label: Label
    by: str
    owners: frozenset[str]  # keyed hashes of who is behind it
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Count:
    """How many pieces of work labels of one side come to in a kind, and how many more were not counted."""

    pieces: int
    beyond: int = 0  # over what one analyst may move


def words_of(ledger: Ledger) -> list[Word]:
    """Return what stands on every subject: the last word of each analyst, where they agree; a later appeal outranks.

    An upheld appeal sets aside what speaks of a campaign, a rejected one leaves the words as they are.
    """
    by_subject: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in ledger.standing:
        by_subject[entry.seed_id, entry.about].append(entry)
    return [_word(about, seed, entries) for (seed, about), entries in by_subject.items()]


def _word(about: str, seed: str, entries: Sequence[Entry]) -> Word:
    kept = [entry for entry in entries if entry.fixture] or list(entries)
    appeals = [entry for entry in entries if entry.appeal is not None]
    upheld = bool(appeals) and appeals[-1].appeal == "upheld"
    last = {entry.by: entry for entry in entries}  # each analyst's last word
    said = {entry.says for entry in last.values()}
    by = tuple(sorted(last, key=lambda name: entries.index(last[name])))
    if upheld and "campaign" in said:
        by = tuple(name for name in by if last[name].says != "campaign")
        said -= {"campaign"}
    label, why = _agreed({str(word) for word in said})
    return Word(about, seed, kept[-1], label, why, by, upheld)


def _agreed(said: set[str]) -> tuple[Label | None, str]:
    if said == {"honest"}:
        return "honest", "honest"
    if said == {"campaign"}:
        return "campaign", "campaign"
    if len(said) > 1:
        return None, f"disputed ({', '.join(sorted(said))}): no label until analysts agree"
    return None, f"{next(iter(said), 'nothing')}: says nothing of what kinds of work are honest"


def judgements(ledger: Ledger) -> dict[str, Literal["confirmed", "dismissed"]]:
    """Return by campaign id what people hold of it: dismissed where honest or appealed, confirmed where not."""
    held: dict[str, Literal["confirmed", "dismissed"]] = {}
    for word in words_of(ledger):
        if word.appealed or word.label == "honest":
            held[word.about] = "dismissed"
        elif word.label == "campaign":
            held[word.about] = "confirmed"
    return held


def kinds_of(group: Group) -> tuple[Kind, ...]:
    """Return the kinds that a group's piece of work is of: the workload it was judged on, as the signals read it.

    Whoever declared to collect answers extracts openly: no part of the honest reference of shapes, as when it was made.
    """
    use = group.main
    if use is None:
        return ()
    kinds: list[Kind] = []
    if use.classified >= MIN_CLASSIFIED:
        kinds.append(("clear" if use.clearly else "leaning", use.sought))
    openly = group.permitted > 0 or any(name in EXTRACTING_USES for name in group.declared)
    if use.templated and use.answered >= MIN_ANSWERS and not openly:
        marks = sum(marks_of_harvest(use).values())
        kinds.append(("shared" if group.size > 1 else "single", str(marks)))
    return tuple(kinds)


def operators(labelled: Sequence[Labelled]) -> list[int]:
    """Return a number of the operator behind each: those that share an owner, directly or over others, are one."""
    root = list(range(len(labelled)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    first: dict[str, int] = {}
    for i, piece in enumerate(labelled):
        for owner in sorted(piece.owners):
            a, b = find(first.setdefault(owner, i)), find(i)
            root[max(a, b)] = min(a, b)
    return [find(i) for i in range(len(labelled))]


def count(labelled: Iterable[Labelled], label: Label) -> dict[Kind, Count]:
    """Return the pieces of work by kind: one an operator, and at most `MOST_BY_ONE` by one analyst.

    An operator that several analysts labelled counts for the first of them who has room.
    """
    chosen = [piece for piece in labelled if piece.label == label]
    who = operators(chosen)
    by_kind: dict[Kind, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for piece, operator in zip(chosen, who, strict=True):
        for kind in piece.kinds:
            by_kind[kind][operator].append(piece.by)
    return {kind: _capped(analysts) for kind, analysts in sorted(by_kind.items())}


def _capped(analysts: dict[int, list[str]]) -> Count:
    moved: Counter[str] = Counter()
    for names in analysts.values():
        room = next((name for name in names if moved[name] < MOST_BY_ONE), None)
        if room is not None:
            moved[room] += 1
    return Count(moved.total(), len(analysts) - moved.total())
