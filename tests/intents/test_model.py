"""A model is one file: whole or not there, the same when read back, and refused where it is another's."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.concepts import ENGLISH, concept_names, languages
from stillwatch.intents.labels import LABELS, LANES, Label
from stillwatch.intents.model import (
    SHIPPED,
    Model,
    ModelError,
    _read,
    load_model,
    reader_of,
    save_model,
    shipped_model,
)
from stillwatch.intents.score import score_texts
from stillwatch.intents.windows import FEATURES
from tests.intents.makers import LEXICON, SPOKEN, entries, model, noisy_model, texts_of_any_kind, view

SMALL = model({(0, Label.VISION): 5}, {Label.VISION: 5})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return the noisy model as it comes back from a file."""
    path = tmp_path_factory.mktemp("model") / "noisy.npz"
    version = save_model(noisy_model(), path)
    found = load_model(path)
    assert found.version == version
    return found


@given(texts_of_any_kind(), st.integers(0, 7))
def test_a_model_read_back_scores_the_same(kept: Model, text: str, given: int) -> None:
    told = [score_texts(view(text), np.array([given]), each) for each in (noisy_model(), kept)]
    assert np.array_equal(*told)
    assert np.array_equal(noisy_model().probabilities(told[0]), kept.probabilities(told[1]))
    assert np.array_equal(noisy_model().bits(told[0]), kept.bits(told[1]))


def test_a_model_written_again_keeps_its_version_and_its_languages(kept: Model, tmp_path: Path) -> None:
    assert save_model(kept, tmp_path / "again.npz") == kept.version
    assert kept.facts["languages"] == list(SPOKEN) != list(languages())
    assert np.array_equal(kept.reader.marks, noisy_model().reader.marks)


@pytest.mark.parametrize("field", ["weights", "bias", "knots", "levels", "cuts", "leanings"])
def test_a_version_is_the_contents(field: str, tmp_path: Path) -> None:
    values = getattr(SMALL, field).copy()
    values.flat[0] += 1
    versions = {save_model(each, tmp_path / "m.npz") for each in (SMALL, replace(SMALL, **{field: values}))}
    assert len(versions) == 2
    assert save_model(replace(SMALL, facts={**SMALL.facts, "seed": 1}), tmp_path / "m.npz") not in versions


@cache
def small_file() -> bytes:
    return _written(lambda path: save_model(SMALL, path))


def _written(write: Callable[[Path], Any]) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "m.npz")
        return (Path(folder) / "m.npz").read_bytes()


@given(st.integers(0, 1 << 20), st.integers(1, 255))
def test_a_damaged_file_is_refused_or_says_the_same(place: int, flip: int) -> None:
    raw = bytearray(small_file())
    whole = _read(bytes(raw), "whole").version
    raw[place % len(raw)] ^= flip
    try:
        assert _read(bytes(raw), "damaged").version == whole  # a byte that no reader looks at
    except ModelError as error:
        assert str(error).startswith("damaged: ")


@given(st.integers(0, 1 << 20))
def test_a_file_that_breaks_off_is_refused(size: int) -> None:
    with pytest.raises(ModelError, match="train anew"):
        _read(small_file()[: size % len(small_file())], "short")


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def changed(**said: Any) -> bytes:
    """Return the small model's file with some arrays or facts changed."""
    with np.load(io.BytesIO(small_file())) as found:
        arrays = {key: found[key] for key in found}
    facts = json.loads(arrays["facts"].tobytes()) | {
        k: v for k, v in said.items() if not isinstance(v, np.ndarray)
    }
    arrays |= {key: value for key, value in said.items() if isinstance(value, np.ndarray)}
    return npz(**arrays | {"facts": np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)})


def _npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"a text",
        pickle.dumps({"weights": [1]}),
        _npy(),
        npz(weights=np.zeros((FEATURES, LANES))),
        changed(labels=list(LABELS)[:-1]),
        changed(concepts=["another", *concept_names()[1:]]),
        changed(languages=["de", "fr"]),
        changed(languages=None),
        changed(weights=np.zeros((FEATURES - 1, LANES), dtype=np.int8)),
        changed(weights=np.array([{"an": "object"}], dtype=object)),
    ],
    ids=[
        "empty",
        "text",
        "pickle",
        "npy",
        "npz",
        "labels",
        "concepts",
        "no-english",
        "no-languages",
        "shape",
        "objects",
    ],
)
def test_a_foreign_file_is_refused_with_its_name_and_what_to_do(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "w.npz").write_bytes(raw)
    with pytest.raises(ModelError, match=r"w\.npz: .*train anew"):
        load_model(tmp_path / "w.npz")


def test_facts_that_are_no_object_are_refused() -> None:
    with np.load(io.BytesIO(small_file())) as found:
        arrays = {key: found[key] for key in found}
    for told in (b"[1]", b"{", b"\xff"):
        with pytest.raises(ModelError, match="train anew"):
            _read(npz(**arrays | {"facts": np.frombuffer(told, dtype=np.uint8)}), "facts")


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
@pytest.mark.parametrize("before", [True, False])
def test_a_killed_write_leaves_the_old_file_or_none(
    step: str, before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.npz"
    version = save_model(SMALL, path) if before else None
    whole = Path.write_bytes

    def killed(self: Path, told: Any) -> None:
        if step == "write_bytes":
            whole(self, told[: len(told) // 2])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, step, killed)
        with pytest.raises(KeyboardInterrupt):
            save_model(noisy_model(), path)
    assert path.exists() == before
    assert not before or load_model(path).version == version
    assert save_model(SMALL, path) == load_model(path).version  # and the next write is not in its way
    assert [each.name for each in tmp_path.iterdir()] == ["m.npz"]


def test_probabilities_lie_straight_between_the_knots_and_flat_beyond() -> None:
    scores = np.repeat(np.array([[-5000], [-500], [0], [250], [9000]], dtype=np.int32), LANES, axis=1)
    found = SMALL.probabilities(scores)
    assert found.dtype == np.float32
    assert np.allclose(found, np.array([[0], [0.25], [0.5], [0.625], [1]]))


def test_a_label_is_given_from_its_cut_and_leant_to_from_its_leaning() -> None:
    small = model({}, {Label.PREFERENCE: 100})
    scores = np.zeros((4, LANES), dtype=np.int32)
    scores[:, Label.PREFERENCE] = [79, 80, 99, 100]
    leant, both = 1 << Label.PREFERENCE, (1 << Label.PREFERENCE) | (1 << LANES + Label.PREFERENCE)
    assert small.bits(scores).tolist() == [0, leant, leant, both]


def test_english_is_where_the_words_languages_have_it() -> None:
    words = entries(LEXICON)
    assert reader_of(words, ("de", "en")).marks[3] == 1
    assert reader_of(words).marks[3] == languages().index(ENGLISH)


def test_the_shipped_weights_are_the_file_of_the_package() -> None:
    with as_file(files("stillwatch.intents") / SHIPPED) as path:
        assert load_model(path).version == shipped_model().version
    assert shipped_model() is shipped_model()
    assert {"unit", "at_the_cut", "languages"} <= set(shipped_model().facts)
    rising = np.diff(shipped_model().knots, axis=1)
    assert np.all(rising >= 0)
    assert np.all(np.diff(shipped_model().levels, axis=1) >= 0)
    assert np.all(shipped_model().leanings <= shipped_model().cuts)
