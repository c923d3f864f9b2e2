"""Decoding serialised requests; that it gives what the JSON gives is tested beside `items`."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.otel import protobuf
from stillwatch.exchanges.otel.protobuf import DamagedMessageError, PackageMissingError, from_protobuf
from tests.exchanges.otel.makers import span, spans_protobuf


@given(st.binary(max_size=200), st.sampled_from(["traces", "logs"]), st.booleans())
def test_any_bytes_are_read_or_refused(data, signal, resource_only):
    try:
        from_protobuf(data, signal, resource_only=resource_only)
    except DamagedMessageError as error:
        assert signal in str(error)


def test_without_the_package_it_says_what_to_install(monkeypatch):
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    protobuf._messages.cache_clear()
    with pytest.raises(PackageMissingError, match=r"pip install 'stillwatch\[otlp\]'"):
        from_protobuf(spans_protobuf(span()), "traces", resource_only=False)
    protobuf._messages.cache_clear()
