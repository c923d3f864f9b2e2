"""What the process holds is known, and what it no longer needs goes back."""

from __future__ import annotations

import pyarrow as pa
import pytest

from stillwatch.engines import memory
from stillwatch.engines.memory import give_back, resident

LARGE = 256 << 20


@pytest.mark.skipif(resident() is None, reason="the system does not tell what a process holds")
def test_memory_that_is_freed_goes_back() -> None:
    before = resident()
    table = pa.table({"n": pa.array(range(1000))}).take(pa.array([i % 1000 for i in range(1000)] * 1000))
    large = pa.concat_tables([table] * (LARGE // table.nbytes + 1)).combine_chunks()
    during = resident()
    assert before is not None
    assert during is not None
    assert during - before >= LARGE // 2
    del table, large
    give_back()
    after = resident()
    assert after is not None
    assert after - before < LARGE // 2


def test_a_system_that_does_not_tell_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_STATM", memory._STATM / "not there")
    assert resident() is None
