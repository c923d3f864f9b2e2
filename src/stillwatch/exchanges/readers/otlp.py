"""OpenTelemetry GenAI traces and logs: OTLP JSON and OTLP protobuf files, current and older conventions.

A span that is a call to a model is an exchange; spans of agents, tools and everything else are passed over.
Log records that carry messages belong to the span they were written under, wherever in the input it is; a
call known only from its log records is an exchange too. Names: `otel.aliases`; see `docs/formats/otlp.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.errors import DamagedSourceError
from stillwatch.exchanges.json_values import decode
from stillwatch.exchanges.otel import wire
from stillwatch.exchanges.otel.items import Item, carries_logs, compact, from_json, is_export, raw
from stillwatch.exchanges.otel.protobuf import DamagedMessageError, PackageMissingError, from_protobuf
from stillwatch.exchanges.otel.record import DETAILS, describes_a_call, record_of
from stillwatch.exchanges.reader import Document, Head, Parsed, Rejection, Source
from stillwatch.exchanges.shelf import Shelf

_JSON = re.compile(rb'\s*[\[\s]*\{\s*"resource(?:Spans|Logs|Metrics|_spans|_logs|_metrics)"')
_RAW_KEPT = 4096  # bytes of what is refused

Found = tuple[int, Item]  # line (or number of the message in a protobuf file) and item


class OtlpReader:
    """Reads files of `ExportTraceServiceRequest` and `ExportLogsServiceRequest` in either encoding."""

    name = "otlp"

    def recognises(self, head: Head) -> bool:
        """Whether the file holds OTLP export requests; told without the protobuf package."""
        return _is_json(head) or wire.recognise(head.data) is not None

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield one exchange for each model call.

        Spans stream by where no source holds log records; else both wait on disk for each other.
        """
        together = any(_holds_logs(source.head()) for source in sources)
        with Shelf() as shelf:
            for source in sources:
                for found in _items(source):
                    if isinstance(found, Rejection):
                        yield found
                        continue
                    line, item = found
                    if not describes_a_call(item):
                        continue
                    key = f"{item['trace_id']}:{item['span_id']}"
                    alone = item["kind"] == "span" and (not together or key == ":")
                    if alone or (key == ":" and item["name"] == DETAILS):
                        yield _exchange(source.name, line, [item])
                    elif key == ":":
                        yield _homeless(source.name, line, item)
                    else:
                        shelf.put(key, compact([source.name, line, item]))
            for _, group in shelf.groups():
                yield from _calls([decode(data) for data in group])


def _is_json(head: Head) -> bool:
    if head.documents:
        return any(is_export(document) for document in head.documents)
    return _JSON.match(head.data) is not None


def _holds_logs(head: Head) -> bool:
    if _is_json(head):
        return any(carries_logs(document) for document in head.documents)
    shape = wire.recognise(head.data)
    return shape is not None and shape.signal == "logs"


def _items(source: Source) -> Iterator[Found | Rejection]:
    head = source.head()
    shape = None if _is_json(head) else wire.recognise(head.data)
    if shape is not None:
        yield from _from_frames(source, shape)
        return
    for document in source.documents():
        if isinstance(document, Rejection):
            yield document
            continue
        for item in from_json(document.value):
            yield _refused(source, document, item) if isinstance(item, BodyError) else (document.line, item)


def _refused(source: Source, document: Document, error: BodyError) -> Rejection:
    return Rejection(source.name, document.line, error.field or None, str(error), document.raw[:_RAW_KEPT])


def _from_frames(source: Source, shape: wire.Shape) -> Iterator[Found | Rejection]:
    """Items of a protobuf file. Its pieces count as lines."""
    number = 0
    try:
        for frame in wire.frames(source.chunks(), shape.framing):
            number = frame.number
            if isinstance(frame, wire.Broken):
                yield Rejection(source.name, number, None, frame.reason, frame.data[:_RAW_KEPT])
                continue
            single = shape.framing == "single"
            signal = shape.signal if single else wire.signal_of(frame.data) or shape.signal
            try:
                items = from_protobuf(frame.data, signal, resource_only=single)
            except DamagedMessageError as error:
                yield Rejection(source.name, number, None, str(error), frame.data[:_RAW_KEPT])
                continue
            yield from ((number, item) for item in items)
    except PackageMissingError as missing:
        yield Rejection(source.name, 1, None, str(missing), b"")
    except DamagedSourceError as damage:
        yield Rejection(source.name, number + 1, None, str(damage), b"")


def _homeless(file: str, line: int, item: Item) -> Rejection:
    reason = (
        f"log record `{item['name']}` without `traceId` and `spanId` belongs to no call; log inside a span, "
        f"or log one `{DETAILS}` event a call"
    )
    return Rejection(file, line, "spanId", reason, raw(item)[:_RAW_KEPT])


def _calls(group: list[tuple[str, int, Item]]) -> Iterator[Parsed | Rejection]:
    """Exchanges of the items of one span id: of the span, or of its log records where it is not there."""
    spans = [found for found in group if found[2]["kind"] == "span"]
    logs = sorted((found for found in group if found[2]["kind"] == "log"), key=lambda found: raw(found[2]))
    details = [found for found in logs if found[2]["name"] == DETAILS]
    if not spans and not details:
        file, line, _ = min((found for found in logs), key=lambda found: (found[0], found[1]))
        yield _exchange(file, line, [item for _, _, item in logs])
        return
    told = [item for _, _, item in logs] if spans else []
    for file, line, item in spans or details:
        yield _exchange(file, line, [item, *told])


def _exchange(file: str, line: int, items: list[Item]) -> Parsed | Rejection:
    data = raw(items[0])
    try:
        return Parsed(file, line, record_of(items), data)
    except BodyError as error:
        return Rejection(file, line, error.field or None, str(error), data[:_RAW_KEPT])


READER = OtlpReader()
