"""Static word embeddings of texts, from the weights in wordllama's wheel (MIT), without any network.

Only the wheel's two files are used, through `tokenizers` and `safetensors`, which it brings: the package itself
looks for its tokenizer where the wheel does not have it, asks the network, and sets up logging when imported.
A text's embedding is the mean of its tokens', as there, here of unit length.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

CHARACTERS = 512  # of a text that are looked at
_TOKENIZER = Path("tokenizers") / "l2_supercat_tokenizer_config.json"
_WEIGHTS = Path("weights") / "l2_supercat_256.safetensors"


class MissingExtraError(ImportError):
    """A package of an extra is not installed; the message says which."""


class Embedder:
    """Texts in, rows of unit length out."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("wordllama")
        if spec is None or spec.origin is None:
            raise MissingExtraError(
                "embeddings need wordllama, which is not installed; install it with pip install 'stillwatch[ranges]'"
            )
        folder = Path(spec.origin).parent
        missing = [str(name) for name in (_TOKENIZER, _WEIGHTS) if not (folder / name).is_file()]
        if missing:
            raise MissingExtraError(f"this wordllama lacks {', '.join(missing)}; install wordllama 0.4")
        tokenizers: Any = importlib.import_module("tokenizers")
        safetensors: Any = importlib.import_module("safetensors.numpy")
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        weights = safetensors.load_file(str(folder / _WEIGHTS))["embedding.weight"]
        self._weights: NDArray[np.float32] = np.ascontiguousarray(weights, dtype=np.float32)

    @property
    def width(self) -> int:
        """How many numbers an embedding has."""
        return int(self._weights.shape[1])

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return n × `width` rows of unit length, zero for a text without a token; texts are cut at 512."""
        cut = [text[:CHARACTERS] for text in texts]
        ids = [found.ids for found in self._tokenizer.encode_batch_fast(cut, add_special_tokens=False)]
        starts = np.cumsum([0, *map(len, ids)])
        columns = np.fromiter((i for part in ids for i in part), dtype=np.int64, count=int(starts[-1]))
        columns = np.minimum(columns, len(self._weights) - 1)
        ones = np.ones(len(columns), dtype=np.float32)
        bags = csr_array((ones, columns, starts), shape=(len(cut), len(self._weights)))
        rows: NDArray[np.float32] = np.asarray(bags @ self._weights, dtype=np.float32)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.where(length > 0, length, np.float32(1))
        return rows
