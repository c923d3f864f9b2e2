"""Embeddings without the network."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from stillwatch.ranges.scoring.baselines.embeddings import Embedder, MissingExtraError

# looked for, not imported: the package sets up logging when imported
installed = pytest.mark.skipif(
    importlib.util.find_spec("wordllama") is None, reason="needs the extra `ranges`"
)


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"stillwatch\[ranges\]"):
        Embedder()


@installed
def test_rows_are_of_unit_length_and_texts_are_cut() -> None:
    embed = Embedder()
    rows = embed(["a short question about tomatoes", "", "x" * 600, "x" * 512])
    assert rows.shape == (4, embed.width) and rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-5)
    assert np.array_equal(rows[2], rows[3])
    assert embed([]).shape == (0, embed.width)


@installed
def test_like_texts_are_near() -> None:
    one, two, other = Embedder()(
        ["how to grow tomatoes", "growing tomatoes at home", "fix the failing unit test"]
    )
    assert one @ two > one @ other + 0.2


@installed
def test_rows_are_the_packages_own() -> None:
    """In a process of its own, which the package's logging may have."""
    code = """
import importlib.util, pathlib, shutil, sys, tempfile
import numpy as np
from stillwatch.ranges.scoring.baselines.embeddings import Embedder
home = pathlib.Path(importlib.util.find_spec("wordllama").origin).parent
texts = ["how to grow tomatoes", "fix the failing unit test in parser.py", "今日はいい天気ですね"]
with tempfile.TemporaryDirectory() as folder:
    shutil.copytree(home / "tokenizers", pathlib.Path(folder) / "tokenizers")
    from wordllama import WordLlama
    theirs = WordLlama.load(cache_dir=pathlib.Path(folder), disable_download=True).embed(texts, norm=True)
sys.exit(not np.allclose(Embedder()(texts), theirs, atol=1e-5))
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
