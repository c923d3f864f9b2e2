"""How fast requests are labelled, on one core, against scikit-learn on the same texts in the same run.

Fills exchanges with texts of the shipped exam up to a size, each in one of its 16 languages, and measures CPU time of

- `stillwatch.intents.intents`: reading both authors' texts and scoring all labels;
- HashingVectorizer (words and pairs, 2^15 columns) and sixteen SGDClassifier decision functions.

    python benchmarks/intents_speed.py --rows 20000 --bytes 1000
"""

# ruff: noqa: E402 (thread pools read the environment when their library is imported)
from __future__ import annotations

import os

for _name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ[_name] = "1"  # before the libraries start their pools

import argparse
import random
import resource
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from stillwatch.exchanges.schema import MESSAGES
from stillwatch.intents import LABELS, intents, shipped_model
from stillwatch.intents.training.exam import exam_samples

BATCH = 8192


def texts_of(rows: int, size: int, seed: int) -> list[str]:
    """Return texts of about `size` bytes."""
    rng = random.Random(seed)
    by_language: dict[str, list[str]] = {}
    for sample in exam_samples(1, seed):
        by_language.setdefault(sample.language, []).extend(part.text for part in sample.parts)
    found = []
    for _row in range(rows):
        lines, text = by_language[rng.choice(sorted(by_language))], ""
        while len(text.encode()) < size:
            text += rng.choice(lines) + "\n"
        found.append(text.encode()[:size].decode(errors="ignore"))
    return found


def batches_of(texts: list[str]) -> list[pa.RecordBatch]:
    """Return the texts as exchanges with one user turn."""
    schema = pa.schema([("messages", MESSAGES)])
    rows = [{"messages": [{"role": "user", "content": text}]} for text in texts]
    return pa.Table.from_pylist(rows, schema=schema).combine_chunks().to_batches(max_chunksize=BATCH)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the least CPU time of three runs."""
    taken = []
    for _run in range(3):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = texts_of(options.rows, options.bytes, options.seed)
    batches, model = batches_of(texts), shipped_model()
    intents(batches[0].slice(0, 8), model)  # compiled
    ours = cpu_seconds(lambda: [intents(batch, model) for batch in batches])

    vectorizer = HashingVectorizer(n_features=1 << 15, ngram_range=(1, 2), binary=True, norm=None)
    classifier = SGDClassifier(loss="log_loss", max_iter=2, tol=None)
    some = vectorizer.transform(texts[:2000])
    classifier.fit(some, np.arange(some.shape[0]) % len(LABELS))  # one decision function a label
    few = texts[: max(1, options.rows // 10)]
    theirs = (
        cpu_seconds(lambda: classifier.decision_function(vectorizer.transform(few))) * len(texts) / len(few)
    )
    print(
        f"{options.rows:,} requests of {options.bytes:,} bytes, {len(LABELS)} labels, CPU time of one thread"
    )
    for name, seconds in (("stillwatch intents", ours), ("scikit-learn", theirs)):
        print(
            f"{name:<20}{len(texts) / seconds:>12,.0f} requests/s {seconds / len(texts) * 1e6:>9.1f} us each"
        )
    print(
        f"ratio {theirs / ours:.1f}; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )


if __name__ == "__main__":
    main()
