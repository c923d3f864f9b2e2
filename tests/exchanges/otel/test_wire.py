"""Protobuf files are recognised and cut without a protobuf package, whatever the framing and the chunks."""

from __future__ import annotations

import zstandard
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)

from stillwatch.exchanges.otel.wire import Broken, Frame, Shape, frames, recognise, signal_of
from tests.exchanges.otel.makers import fixed32, log, logs_protobuf, span, spans_protobuf, varint

TRACES = spans_protobuf(span(), span())
LOGS = logs_protobuf(log("gen_ai.user.message", "hi"))


def pieces(data: bytes, size: int):
    return (data[at : at + size] for at in range(0, len(data), size))


def test_every_framing_of_every_signal_is_recognised():
    for signal, message in (("traces", TRACES), ("logs", LOGS)):
        assert recognise(message) == Shape("single", signal)
        assert recognise(fixed32(message, message)) == Shape("fixed32", signal)
        assert recognise(varint(message, message)) == Shape("varint", signal)
        packed = zstandard.ZstdCompressor().compress(message)
        assert recognise(fixed32(packed)) == Shape("fixed32", signal)


@given(st.integers(200, 400))
def test_the_beginning_is_enough(size):
    long = spans_protobuf(span({"gen_ai.prompt": "x" * 300}))
    assert recognise(fixed32(long)[:size]) == Shape("fixed32", "traces")


def test_metrics_are_not_taken_for_spans():
    points = [NumberDataPoint(time_unix_nano=1, as_int=1)]
    metric = Metric(name="sixteen.letters.", description="eight...", sum=Sum(data_points=points))
    resource = ResourceMetrics(scope_metrics=[ScopeMetrics(metrics=[metric])])
    data = MetricsData(resource_metrics=[resource]).SerializeToString()
    assert recognise(data) is None
    assert recognise(fixed32(data)) is None
    assert signal_of(data) is None


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_other_bytes_are_told_apart_without_raising(data):
    shape = recognise(data)
    assert shape is None or shape.signal in ("traces", "logs")


@given(st.integers(1, 300), st.sampled_from([fixed32, varint]))
def test_framed_messages_come_out_as_they_went_in(size, frame):
    data = frame(TRACES, LOGS, TRACES)
    cut = list(frames(pieces(data, size), frame.__name__))
    assert cut == [Frame(1, TRACES), Frame(2, LOGS), Frame(3, TRACES)]


@given(st.integers(1, 300))
def test_a_single_request_comes_out_resource_by_resource(size):
    assert len(list(frames(pieces(TRACES, size), "single"))) == 2


@given(st.integers(1, len(TRACES)), st.sampled_from([fixed32, varint]))
def test_a_file_cut_short_gives_what_is_whole_and_tells_the_rest(cut, frame):
    data = frame(TRACES, TRACES)
    *whole, last = frames(pieces(data[:-cut], 64), frame.__name__)
    assert whole == [Frame(1, TRACES)]
    assert isinstance(last, Broken)


@given(st.binary(max_size=100), st.sampled_from(["single", "fixed32", "varint"]))
def test_any_bytes_are_cut_without_raising(data, framing):
    list(frames(iter([data]), framing))


def test_a_message_over_the_limit_is_passed_over():
    huge = fixed32(TRACES)
    length = (65 << 20).to_bytes(4, "big")
    filler = (bytes(1 << 20) for _ in range(65))
    found = list(frames(iter([length, *filler, huge]), "fixed32"))
    assert isinstance(found[0], Broken)
    assert found[1] == Frame(2, TRACES)


def test_a_message_that_unpacks_without_end_is_refused():
    bomb = zstandard.ZstdCompressor().compress(bytes(65 << 20))
    packed = zstandard.ZstdCompressor().compress(TRACES)
    found = list(frames(iter([fixed32(bomb, packed, packed[:-4])]), "fixed32"))
    assert isinstance(found[0], Broken)
    assert found[1] == Frame(2, TRACES)
