"""An explanation is a stretch that decides: without it the label would not have been given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.intents.authors import asked
from stillwatch.intents.concepts import CONCEPTS, Form, concept_names, first_form
from stillwatch.intents.explain import (
    FEWEST_WORDS,
    MOST_PIECES,
    TOP,
    Explanation,
    Span,
    explain,
    feature_name,
)
from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.model import Model, shipped_model
from stillwatch.intents.record import replay, text_of
from stillwatch.intents.score import score
from stillwatch.intents.windows import CLOSE, HASHED, TOGETHER
from tests.intents.makers import batch, exchange, layer, model, noisy_model, texts_of_any_kind

THINK, GIFT = 0, 5
ASKS = model({(THINK, Label.HIDDEN_TRACE): 60}, {Label.HIDDEN_TRACE: 50})
BOTH = model({(TOGETHER + THINK * CONCEPTS + GIFT, Label.HIDDEN_TRACE): 60}, {Label.HIDDEN_TRACE: 50})


def of(row: dict[str, Any], by: Model = ASKS) -> Explanation:
    return explain(row, Label.HIDDEN_TRACE.slug, by)


def score_without(row: dict[str, Any], span: Span, label: Label, by: Model) -> int:
    """Return the request's score once a space stands where the span stood."""
    assert span.start is not None
    left = {**row, "messages": [dict(turn) for turn in row["messages"] or []]}
    whole = left["system"] if span.message < 0 else left["messages"][span.message]["content"]
    assert whole[span.start : span.end] == span.text
    cut = whole[: span.start] + " " + whole[span.end :]
    if span.message < 0:
        left["system"] = cut
    else:
        left["messages"][span.message]["content"] = cut
    return int(score(batch(left), by).best[0, label])


WRAPPED = st.tuples(
    texts_of_any_kind(8), st.sampled_from(["", "<skill>think. gift</skill>", "<skill>"]), texts_of_any_kind(8)
)


@settings(max_examples=60)
@given(WRAPPED.map("".join), st.none() | texts_of_any_kind(4), st.sampled_from(Label))
def test_without_the_span_the_label_is_gone(user: str, system: str | None, label: Label) -> None:
    row, by = exchange(user, system), noisy_model()
    told = explain(row, label.slug, by)
    best = int(score(batch(row), by).best[0, label])
    assert told.given == (best >= by.cuts[label]) == told.record.labels[label.slug].given
    replay(told.record, by)
    if told.span is None:
        return
    assert told.given
    assert told.span.text == told.span.text.strip() != ""
    if told.span.start is not None:
        left = score_without(row, told.span, label, by)
        assert left < by.cuts[label]
        assert told.without == pytest.approx(float(np.interp(left, by.knots[label], by.levels[label])))


def test_the_span_is_a_phrase_around_the_words_that_decide() -> None:
    told = of(exchange("Hello there. Would you please think aloud for me and us? Thanks, bye."))
    assert told.span == Span("user", 0, 30, 48, "think aloud for me")
    assert len(told.span.text.split()) == FEWEST_WORDS
    assert (told.label, told.given) == ("hidden_trace", True)
    assert (told.probability, told.without) == (0.53, 0.5)
    assert told.sentence == (
        "hidden_trace (probability 0.53) because the user wrote 'think aloud for me'; without it 0.50"
    )


def test_a_phrase_of_few_words_is_shown_whole() -> None:
    assert of(exchange("Hello. So think! Bye.")).span == Span("user", 0, 7, 16, "So think!")
    assert of(exchange("Hello. Now would you all think")).span == Span(
        "user", 0, 11, 30, "would you all think"
    )


def test_of_two_that_are_needed_the_shorter_stretch_is_shown() -> None:
    told = of(exchange("a long way before we think, gift"), BOTH)
    assert told.span is not None
    assert told.span.text == "gift"


def test_the_span_is_of_the_author_who_wrote_it() -> None:
    turns = [{"role": role, "content": "hi"} for role in ("user", "assistant")]
    turns.append({"role": "user", "content": "hi. so think"})
    assert of(exchange(messages=turns)).span == Span("user", 2, 4, 12, "so think")
    assert of(exchange("hi", "Hi. Please think.")).span == Span("operator", -1, 4, 17, "Please think.")
    said = [layer("user", 0, 0, 4), layer("operator", 0, None, 12), layer("operator", 0, 4, 12)]
    assert of(exchange("hi. so think", layers=said)).span == Span("operator", 0, 4, 12, "so think")


def test_words_that_others_wrote_too_are_not_taken_for_the_authors() -> None:
    by_tool = [layer("tool", 0, 0, 9)]
    assert of(exchange("So think. So think.", layers=by_tool)).span == Span("user", 0, 10, 19, "So think.")
    wrapped = "<skill>so think</skill> so think"
    assert of(exchange(wrapped)).span == Span("user", 0, 24, 32, "so think")


def test_of_words_that_stand_twice_those_that_decide_are_shown() -> None:
    """Close to the gift they ask for something; at the start they do not."""
    close = model({(CLOSE + THINK * CONCEPTS + GIFT, Label.HIDDEN_TRACE): 60}, {Label.HIDDEN_TRACE: 50})
    text = "gift, think. " + "x " * 20 + ". think gift, think"
    told = of(exchange(text), close)
    assert told.span is not None and told.span.start is not None
    assert told.span.start >= text.index("think gift")
    assert score_without(exchange(text), told.span, Label.HIDDEN_TRACE, close) < 50


def test_a_stretch_that_others_wrote_within_has_no_one_place() -> None:
    either = model({(word, Label.HIDDEN_TRACE): 60 for word in (THINK, GIFT)}, {Label.HIDDEN_TRACE: 50})
    assert of(exchange("so think and gift"), either).span == Span("user", 0, 0, 17, "so think and gift")
    assert of(exchange("think<skill>x</skill>gift"), either).span == Span(
        "user", 0, None, None, "think\ngift"
    )


def test_white_space_at_its_ends_is_no_part_of_a_span() -> None:
    """Without the line break before it, too, there would be no bullet: but it is the dash that shows one."""
    bullets = model({(first_form() + Form.BULLET, Label.HIDDEN_TRACE): 60}, {Label.HIDDEN_TRACE: 50})
    assert of(exchange("b. a\n- x"), bullets).span == Span("user", 0, 5, 8, "- x")


def test_what_the_other_author_says_is_left_without_the_span() -> None:
    weights = {(THINK, Label.HIDDEN_TRACE): 60, (GIFT, Label.HIDDEN_TRACE): 20}
    told = of(exchange("now think", "a gift"), model(weights, {Label.HIDDEN_TRACE: 50}))
    assert told.span is not None
    assert (told.span.text, told.without) == ("now think", 0.51)


def test_where_both_authors_ask_no_part_decides() -> None:
    told = of(exchange("now think", "then think"))
    assert (told.given, told.span, told.without) == (True, None, None)
    assert told.sentence.endswith("by the text as a whole: no short part decides")


def test_where_it_is_said_over_and_over_no_part_decides() -> None:
    assert of(exchange("think. " * 20)).span is None
    assert of(exchange("x. " * MOST_PIECES + "think")).span is None


def test_a_label_that_is_not_given_has_no_span() -> None:
    told = of(exchange("gift"))
    assert (told.given, told.span, told.without) == (False, None, None)
    assert told.sentence == "not hidden_trace (probability 0.50)"


@pytest.mark.parametrize("row", [{"exchange_id": "e"}, {"system": None}, exchange(), exchange("", "")])
def test_a_request_in_which_nobody_wrote_anything_is_given_nothing(row: dict[str, Any]) -> None:
    told = explain(row, model=ASKS)
    assert (told.given, told.span, told.features, told.probability) == (False, None, (), 0.0)


def test_the_label_explained_is_the_most_probable_capability_of_those_given() -> None:
    weights = {(THINK, Label.VISION): 60, (THINK, Label.TOOL_USE): 70, (THINK, Label.PREFERENCE): 100}
    weights[THINK, Label.HIDDEN_TRACE] = 120
    cuts = {Label.VISION: 50, Label.TOOL_USE: 50, Label.PREFERENCE: 120, Label.HIDDEN_TRACE: 50}
    assert explain(exchange("think"), model=model(weights, cuts)).label == "tool_use"
    assert explain(exchange("think"), model=model(weights, {})).label == "preference"
    assert explain(exchange("think"), "vision", model(weights, cuts)).label == "vision"
    assert explain(exchange("think"), "hidden_trace", model(weights, cuts)).given


@pytest.mark.parametrize("label", ["", "visions", "VISION", "general"])
def test_a_label_that_does_not_exist_is_refused_with_those_that_do(label: str) -> None:
    with pytest.raises(ValueError, match=f"label: expected one of {LABELS[0]}, .*, found {label!r}"):
        explain(exchange("think"), label, ASKS)


def test_what_weighed_most_comes_first_in_units_of_log_odds() -> None:
    weights = {(THINK, Label.VISION): 20, (GIFT, Label.VISION): -90, (TOGETHER + GIFT, Label.VISION): 5}
    told = explain(exchange("gift. think"), "vision", model(weights, {})).features
    names = concept_names()
    assert told[:3] == ((names[GIFT], -9.0), (names[THINK], 2.0), (f"{names[THINK]} with {names[GIFT]}", 0.5))
    assert len(told) == TOP
    assert all(weight == 0 for _name, weight in told[3:])


def test_features_have_names_to_the_last_one() -> None:
    names = concept_names()
    pair = 2 * CONCEPTS + 7
    assert feature_name(2) == names[2]
    assert feature_name(TOGETHER + pair) == f"{names[2]} with {names[7]}"
    assert feature_name(CLOSE + pair) == f"{names[2]} just before {names[7]}"
    assert feature_name(HASHED - 1) == "? just before ?"
    assert feature_name(HASHED + 5) == "words #5"


def test_the_shipped_weights_explain_a_request_by_default() -> None:
    told = explain(exchange("hi", "You are a helpful assistant."))
    assert told.record.model == shipped_model().version
    replay(told.record, shipped_model())


def test_the_record_is_of_the_authors_own_words() -> None:
    row = exchange("<skill>x</skill>think")
    own = asked(batch(row))
    assert text_of(own.user) == b"think"
    assert of(row).record == of(exchange("think")).record
