"""What a model is examined on: texts of other authors, sources and languages than it was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.intents.labels import LABELS, LANES, Label
from stillwatch.intents.model import Model
from stillwatch.intents.score import score, score_texts
from stillwatch.intents.training.corpus import is_held_out, read_corpus
from stillwatch.intents.training.families import REASONING
from stillwatch.intents.training.lessons import read_folder, render
from stillwatch.intents.training.samples import Sample, lay_out, targets
from stillwatch.sketches.buffers import texts

READ = ("exchange_id", "system", "messages", "layers")


@dataclass(frozen=True)
class Answers:
    """What a model said of examined requests, one row a request; `known` is 1, 0 or -1 (unknown)."""

    scores: NDArray[np.int32]  # (n, LANES)
    known: NDArray[np.int8]  # (n, LANES)
    family: NDArray[np.str_]
    language: NDArray[np.str_]
    source: NDArray[np.str_]
    template: NDArray[np.str_]


def join(parts: Iterable[Answers]) -> Answers:
    """Put several sets of answers together."""
    parts = list(parts)
    return Answers(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in Answers.__dataclass_fields__)
    )


def answer(samples: Sequence[Sample], model: Model) -> Answers:
    """Score samples: the best of a request's parts for each label."""
    laid = lay_out(samples)
    scores = score_texts(texts(laid.texts), laid.given, model)
    best = np.full((len(samples), LANES), np.iinfo(np.int32).min, dtype=np.int32)
    np.maximum.at(best, laid.sample, scores)
    return Answers(
        best,
        targets(samples),
        np.array([s.family for s in samples]),
        np.array([s.language for s in samples]),
        np.array([s.source for s in samples]),
        np.array([s.template for s in samples]),
    )


def exam_samples(each: int, seed: int) -> list[Sample]:
    """Return the shipped exam, every template rendered `each` times."""
    return [sample for lessons in read_folder("exam") for sample in render(lessons, each, seed)]


def held_out_samples(corpus: Path) -> list[Sample]:
    """Return what of a corpus is never trained on."""
    return [sample for sample in read_corpus(corpus) if is_held_out(sample)]


def range_answers(folder: Path, model: Model) -> Answers:
    """Score the traffic of a range: its truth says what campaigns are after; honest traffic wants no hidden trace."""
    truth = pq.read_table(folder / "truth.parquet").to_pydict()
    told = dict(
        zip(
            truth["exchange_id"],
            zip(truth["campaign"], truth["kind"], truth["capability"], strict=True),
            strict=True,
        )
    )
    return join(_range_batches(folder / "exchanges.parquet", told, model))


def _range_batches(path: Path, told: Mapping[str, tuple[Any, str, Any]], model: Model) -> Iterator[Answers]:
    with pq.ParquetFile(path) as file:
        there = [name for name in READ if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=8192, columns=there):
            rows = [told[key] for key in batch.column("exchange_id").to_pylist()]
            yield Answers(
                score(batch, model).best,
                np.stack([_range_known(campaign, capability) for campaign, _kind, capability in rows]),
                np.array([kind for _campaign, kind, _capability in rows]),
                np.array(["range"] * len(rows)),
                np.array(["range"] * len(rows)),
                np.array([campaign or "" for campaign, _kind, _capability in rows]),
            )


def _range_known(campaign: Any, capability: Any) -> NDArray[np.int8]:
    """Return what the truth of a range tells of one exchange's labels."""
    known = np.full(LANES, -1, dtype=np.int8)
    if campaign is None:
        known[list(REASONING)] = 0
        known[[Label.SAFE_REWRITING, Label.TRACE_CLEANING, Label.COMPUTER_USE, Label.VISION]] = 0
    elif capability in LABELS:
        known[LABELS.index(capability)] = 1
        if capability == Label.REASONING_ELICITATION.slug:
            known[Label.HIDDEN_TRACE] = 1
    return known


@dataclass(frozen=True)
class Fixture:
    """One published false positive, written anew: a request that must not be called a hidden-trace harvest."""

    id: str
    about: str
    exchange: Mapping[str, Any]


def fixtures() -> list[Fixture]:
    """Return the permanent fixtures."""
    raw = yaml.load(
        (files("stillwatch.intents") / "exam" / "fixtures.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return [Fixture(row["id"], row["about"], row["exchange"]) for row in raw]


def fixture_scores(model: Model) -> dict[str, NDArray[np.int32]]:
    """Return the scores of every fixture by its id, shape (LANES,)."""
    rows = fixtures()
    fields = [field for field in EXCHANGE_SCHEMA if field.name in READ[1:]]
    batch = pa.RecordBatch.from_pylist(
        [{field.name: row.exchange.get(field.name) for field in fields} for row in rows],
        schema=pa.schema(fields),
    )
    best = score(batch, model).best
    return {row.id: best[at] for at, row in enumerate(rows)}
