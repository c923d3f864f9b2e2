"""Templates are rendered whole, the same for the same seed, with every filled stretch marked."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.intents.training.families import FAMILIES
from stillwatch.intents.training.fillings import TAGS
from stillwatch.intents.training.lessons import DEEPEST, FILLED, LessonError, render
from stillwatch.intents.training.samples import Sample
from tests.intents.training.makers import CONTENT, lessons

seeds = st.integers(0, 2**32 - 1)


def rendered(folder: Path, *templates: Any, each: int = 1, seed: int = 0, **said: Any) -> list[Sample]:
    return list(render(lessons(folder, families={"tutoring": list(templates)}, **said), each, seed))


def text(folder: Path, template: str, **said: Any) -> str:
    """Return the text of one rendering."""
    return rendered(folder, template, **said)[0].parts[0].text


@pytest.mark.parametrize(
    ("family", "template", "told"),
    [
        ("tutoring", "Explain {request} by {analogy}", r"en.yaml: tutoring: unknown slots \['analogy'\]"),
        (
            "tutoring",
            {"system": "{rule}", "user": "{question}"},
            r"en.yaml: tutoring: unknown slots \['rule'\]",
        ),
        ("tutorng", "Explain {request}", r"en.yaml: families: expected one of .*'tutorng'"),
    ],
)
def test_an_unknown_family_or_slot_is_told_with_its_file(
    family: str, template: Any, told: str, tmp_path: Path
) -> None:
    with pytest.raises(LessonError, match=told):
        lessons(tmp_path, families={family: [template]})


def test_an_unknown_slot_within_a_phrase_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"en.yaml: polite: unknown slots \['whom'\]"):
        lessons(tmp_path, phrases={"polite": ["please {document}", "dear {whom}"]})


def test_every_template_is_rendered_so_often_with_the_labels_of_its_family(tmp_path: Path) -> None:
    made = lessons(tmp_path, families={"tutoring": ["{question}", "Why? {question}"], "one_word": ["thanks"]})
    found = list(render(made, 5, 0))
    assert [s.family for s in found] == ["tutoring"] * 10 + ["one_word"] * 5
    assert len({s.template for s in found}) == 3
    for each in found:
        assert (each.true, each.unknown) == tuple(map(frozenset, _labels(each.family)))
        assert (each.language, each.source) == ("en", "lessons")


def _labels(family: str) -> tuple[Any, Any]:
    return FAMILIES[family].true, FAMILIES[family].unknown


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(seeds)
def test_rendering_follows_from_the_seed_whatever_else_is_taught(tmp_path: Path, seed: int) -> None:
    template = "{hello} {question} {code} {n}"
    phrases = {"hello": ["Hi.", "Hello.", "Dear all,"]}
    alone = rendered(tmp_path, template, each=3, seed=seed, phrases=phrases)
    beside = rendered(tmp_path, "{answer}", template, each=3, seed=seed, phrases=phrases)
    assert beside[3:] == alone == rendered(tmp_path, template, each=3, seed=seed, phrases=phrases)


def test_templates_of_the_same_slots_are_filled_differently(tmp_path: Path) -> None:
    made = rendered(tmp_path, "a {n} {n}", "b {n} {n}", each=3)
    texts = [each.parts[0].text[2:] for each in made]
    assert texts[:3] != texts[3:]


def test_another_seed_gives_other_renderings(tmp_path: Path) -> None:
    one, other = (rendered(tmp_path, "{n} {n} {n}", each=4, seed=seed) for seed in (1, 2))
    assert len({s.parts[0].text for s in (*one, *other)}) == 8


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(
        st.sampled_from(("{question}", "{code}", "{polite}", "{tag}", "{{", "}}", "ask ", "\n")), max_size=9
    ),
    seeds,
)
def test_what_was_filled_in_is_marked_and_the_rest_is_the_templates_wording(
    tmp_path: Path, pieces: list[str], seed: int
) -> None:
    template = "So: " + "".join(pieces)
    (made,) = rendered(tmp_path, template, seed=seed, phrases={"polite": ["please {document}", "kindly"]})
    (part,) = made.parts
    assert all(first[1] <= second[0] for first, second in pairwise(part.fills))
    wording, at = "", 0
    for start, stop in part.fills:
        assert part.text[start:stop]
        wording, at = wording + part.text[at:start], stop
    wording += part.text[at:]
    kept = "".join(
        template.replace("{question}", "").replace("{code}", "").replace("{{", "{").replace("}}", "}")
    )
    expected = re.escape(kept).replace(r"\{polite\}", "(please |kindly)").replace(r"\{tag\}", r"\w+")
    assert re.fullmatch(expected, wording)


@pytest.mark.parametrize("slot", sorted(FILLED))
def test_contents_code_tables_and_images_count_as_filled_in(slot: str, tmp_path: Path) -> None:
    (made,) = rendered(tmp_path, f"Look: {{{slot}}} Done.")
    (part,) = made.parts
    assert part.fills == ((len("Look: "), len(part.text) - len(" Done.")),)


def test_phrases_and_small_slots_are_the_templates_own_wording(tmp_path: Path) -> None:
    (made,) = rendered(tmp_path, "{hello} <{tag}> {n} {letter}", phrases={"hello": ["Hi."]})
    assert made.parts[0].fills == ()


def test_double_braces_stand_for_single_ones(tmp_path: Path) -> None:
    assert text(tmp_path, 'Return {{"answer": {{}}}} as is') == 'Return {"answer": {}} as is'


def test_a_tag_and_a_letter_are_the_same_throughout_a_request_and_numbers_are_not(tmp_path: Path) -> None:
    for seed in range(9):
        opened, closed, first, second = text(tmp_path, "{tag} {tag} {letter} {letter}", seed=seed).split()
        assert opened == closed in TAGS and first == second
    system = {"system": "Use <{tag}>.", "user": "<{tag}>"}
    (made,) = rendered(tmp_path, system)
    assert made.parts[0].text == f"Use {made.parts[1].text}."
    assert len({tuple(text(tmp_path, "{n} {n}", seed=seed).split()) for seed in range(9)}) > 1


def test_the_demand_stands_in_the_operators_text_where_there_is_one(tmp_path: Path) -> None:
    both, alone, user = rendered(
        tmp_path, {"system": "Be brief.", "user": "{question}"}, {"system": "Be brief."}, {"user": "hi"}
    )
    assert [(p.author, p.carries) for p in both.parts] == [("operator", True), ("user", False)]
    assert both.parts[1].text in CONTENT["question"]
    assert [(p.author, p.carries) for p in alone.parts] == [("operator", True)]
    assert [(p.author, p.carries) for p in user.parts] == [("user", True)]


def test_phrases_nest_and_never_without_end(tmp_path: Path) -> None:
    chain = {f"p{i}": [f"{i} {{p{i + 1}}}"] for i in range(DEEPEST - 1)} | {f"p{DEEPEST - 1}": ["end"]}
    assert text(tmp_path, "{p0}", phrases=chain).endswith("end")
    with pytest.raises(LessonError, match="nest too deeply"):
        text(tmp_path, "{more}", phrases={"more": ["and {more}"]})
