"""A record holds everything its scores were made of, so that they can be made again without the text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.intents.kernel import LOWEST
from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.record import (
    LabelRecord,
    Record,
    ReplayError,
    from_dict,
    record,
    replay,
    score_of,
    text_of,
)
from stillwatch.intents.score import score_texts
from stillwatch.intents.windows import FEATURES
from tests.intents.makers import NEVER, model, noisy_model, texts_of_any_kind, view

OPERATOR, USER = 1, 2  # circumstances: whose text it is
TEXTS = st.none() | texts_of_any_kind(60)
SMALL = model({(0, Label.VISION): 5, (5, Label.VISION): 9}, {Label.VISION: 8})


def of(operator: str | bytes | None, user: str | bytes | None, by: object = None) -> Record:
    return record({"operator": (view(operator), OPERATOR), "user": (view(user), USER)}, by or noisy_model())


def tampered(kept: Record, name: str, **said: object) -> Record:
    return replace(kept, labels={**kept.labels, name: replace(kept.labels[name], **said)})


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_a_record_of_any_request_replays_before_and_after_json(
    operator: str | None, user: str | None
) -> None:
    kept = of(operator, user)
    replay(kept, noisy_model())
    again = from_dict(json.loads(json.dumps(kept.as_dict())))
    assert again == kept
    replay(again, noisy_model())


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_a_record_says_what_the_scores_say(operator: str | None, user: str | None) -> None:
    scores = np.stack(
        [
            score_texts(view(t), np.array([b]), noisy_model())[0]
            for t, b in ((operator, OPERATOR), (user, USER))
        ]
    )
    best = scores.max(axis=0)
    chances = noisy_model().probabilities(best[None])[0]
    for label, row in zip(Label, of(operator, user).labels.values(), strict=True):
        assert row.score == best[label]
        assert row.given == (best[label] >= noisy_model().cuts[label])
        assert row.probability == pytest.approx(float(chances[label]), abs=1e-6)
        assert row.author == (
            None if best[label] == LOWEST else ("operator", "user")[int(scores[:, label].argmax())]
        )


@given(st.binary(max_size=40))
def test_bytes_that_are_no_characters_replay_too(raw: bytes) -> None:
    kept = of(None, raw)
    replay(kept, noisy_model())
    assert kept.user == (hashlib.sha256(raw).hexdigest() if raw else None)


def test_a_record_names_its_texts_by_digest_and_holds_none_of_them() -> None:
    kept = of("the secret gift", "think")
    assert kept.operator == hashlib.sha256(b"the secret gift").hexdigest()
    assert kept.user == hashlib.sha256(b"think").hexdigest()
    assert "secret" not in json.dumps(kept.as_dict())
    assert (of(None, "").operator, of(None, "").user) == (None, None)
    assert record({"user": (view("think"), USER)}, noisy_model()).operator is None


def test_the_best_window_of_the_author_who_says_most_is_kept() -> None:
    row = of("gift", "think " + "x " * 100 + "think", SMALL).labels[Label.VISION.slug]
    assert (row.score, row.author, row.given, row.probability) == (9, "operator", True, 0.5045)
    assert {0, 5} & set(row.features) == {5}
    assert of("gift", "gift", SMALL).labels[Label.VISION.slug].author == "operator"  # the first of equals
    row = of("hi", "x " * 100 + "think", SMALL).labels[Label.VISION.slug]
    assert (row.score, row.author, row.given) == (5, "user", False)
    assert score_of(row.features, Label.VISION, SMALL) == 5


@pytest.mark.parametrize("name", LABELS)
def test_a_changed_score_or_decision_is_found(name: str) -> None:
    kept = of("gift", "think next")
    row = kept.labels[name]
    for changed in (tampered(kept, name, score=row.score + 1), tampered(kept, name, given=not row.given)):
        with pytest.raises(ReplayError, match=f"{name}: recorded .*, replayed {row.score}"):
            replay(changed, noisy_model())


@settings(max_examples=40)
@given(st.sampled_from(LABELS), st.integers(0, 5), st.integers(0, FEATURES - 1))
def test_a_changed_feature_is_found_where_it_weighs_otherwise(name: str, place: int, other: int) -> None:
    kept, weights = of("gift", "think next"), noisy_model().weights[:, LABELS.index(name)]
    features = list(kept.labels[name].features)
    place %= len(features)
    left_out = tampered(kept, name, features=tuple(features[:place] + features[place + 1 :]))
    put_in = tampered(kept, name, features=(*features[:place], other, *features[place + 1 :]))
    for changed, weighs in (
        (left_out, weights[features[place]] != 0),
        (put_in, weights[other] != weights[features[place]]),
    ):
        if weighs:
            with pytest.raises(ReplayError, match=name):
                replay(changed, noisy_model())
        else:
            replay(changed, noisy_model())


@pytest.mark.parametrize("feature", [-1, FEATURES, 10**12])
def test_a_feature_that_weights_do_not_have_is_found(feature: int) -> None:
    kept = of("gift", "think next")
    with pytest.raises(ReplayError, match="vision: recorded a feature that these weights do not have"):
        replay(tampered(kept, "vision", features=(feature,)), noisy_model())


def test_a_record_of_other_weights_is_refused_by_name_and_one_falsely_named_by_its_scores() -> None:
    kept, other = of("gift", "think next"), replace(noisy_model(2), version="other")
    with pytest.raises(
        ReplayError, match="record of weights small, found other: load the weights it was made by"
    ):
        replay(kept, other)
    with pytest.raises(ReplayError, match=r"recorded .*, replayed"):
        replay(replace(kept, model="other"), other)


def test_moved_cuts_are_found() -> None:
    kept = of("gift", None, SMALL)
    raised = replace(SMALL, cuts=np.where(SMALL.cuts == 8, 10, NEVER).astype(np.int32))
    with pytest.raises(ReplayError, match="vision"):
        replay(kept, raised)


def test_nobodys_record_is_lowest_and_replays() -> None:
    kept = of(None, None)
    assert kept.labels["vision"] == LabelRecord(int(LOWEST), 0.0, False, None, ())
    replay(kept, noisy_model())
    with pytest.raises(ReplayError):
        replay(tampered(kept, "vision", score=0), noisy_model())


@pytest.mark.parametrize("missing", ["model", "operator", "user", "labels"])
def test_a_record_without_a_field_is_not_read(missing: str) -> None:
    raw = of("gift", None).as_dict()
    del raw[missing]
    with pytest.raises(KeyError, match=missing):
        from_dict(raw)


def test_a_label_without_a_field_is_not_read() -> None:
    raw = json.loads(json.dumps(of("gift", None).as_dict()))
    del raw["labels"]["vision"]["score"]
    with pytest.raises(TypeError, match="score"):
        from_dict(raw)


def test_the_text_of_a_row_is_its_bytes() -> None:
    texts = view("é", None, "", b"\xff")
    assert [text_of(texts, row) for row in range(4)] == ["é".encode(), None, None, b"\xff"]
