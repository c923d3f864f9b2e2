from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.schema import MESSAGES
from stillwatch.ranges.render.usage import usage
from tests.ranges.makers import asked


def counted(texts: list[str], **columns: Any) -> dict[str, list[Any]]:
    """Return the usage of exchanges that ask and answer with some texts."""
    said = [[{"role": "user", "content": t}] for t in texts]
    shown = {
        "messages": pa.array(said, MESSAGES), "system": pa.nulls(len(texts), pa.string()),
        "output": pa.array(texts, pa.string()),
    }  # fmt: skip
    plan = asked(len(texts), uid=range(len(texts)), **columns)
    return {name: values.to_pylist() for name, values in usage(plan, shown).items()}


@given(st.lists(st.text(max_size=50), min_size=1))
def test_more_text_is_more_tokens_and_takes_longer(texts: list[str]) -> None:
    found = counted(texts)
    size = [len(t.encode()) for t in texts]
    for name in ("input_tokens", "output_tokens"):
        pairs = sorted(zip(size, found[name], strict=True))
        assert [t for _, t in pairs] == sorted(found[name])
        assert min(found[name]) >= 1
    assert all(f < d for f, d in zip(found["ttft_ms"], found["duration_ms"], strict=True))


def test_a_refused_request_has_no_answer_to_count() -> None:
    found = counted(["a", "b"], status=[200, 429], thinks=True)
    for name in ("output_tokens", "reasoning_tokens", "ttft_ms"):
        assert found[name][0] > 0 and found[name][1] is None
    assert found["input_tokens"][1] > 0 and found["duration_ms"][1] < 200


def test_only_who_reasons_has_reasoning_tokens() -> None:
    assert counted(["a", "b"], thinks=[True, False])["reasoning_tokens"][1] is None


def test_the_system_text_counts() -> None:
    plan = asked(1)
    shown = {"messages": pa.array([[]], MESSAGES), "output": pa.array([""])}
    short, long = (
        usage(plan, shown | {"system": pa.array([text], pa.string())})["input_tokens"][0].as_py()
        for text in (None, "x" * 400)
    )
    assert long > short + 100
