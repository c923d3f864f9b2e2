"""Compiled code is never older than what it was compiled from."""

from __future__ import annotations

import os
from pathlib import Path

from stillwatch.sketches.kernels import drop_stale_code


def test_only_code_older_than_a_module_is_dropped(tmp_path: Path) -> None:
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    for name, age in (("a.py", 100), ("b.py", 200), ("__pycache__/a.nbi", 150), ("__pycache__/b.nbc", 250)):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (age, age))
    (cache / "a.pyc").write_text("")
    drop_stale_code([tmp_path])
    assert sorted(p.name for p in cache.iterdir()) == ["a.pyc", "b.nbc"]
