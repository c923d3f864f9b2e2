"""Errors are read in whatever shape a vendor gave them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.errors import error_fields
from tests.exchanges.bodies.makers import JSON_VALUES


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"message": "…", "type": "invalid_request_error", "code": None}}, "invalid_request_error"),
        ({"type": "error", "error": {"type": "rate_limit_error", "message": "…"}}, "rate_limit_error"),
        ({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "…"}}, "RESOURCE_EXHAUSTED"),
        ({"error": {"code": "server_error"}}, "server_error"),
        ({"error": "upstream timed out"}, "error"),
        ({"__type": "com.amazon.coral#ThrottlingException"}, "ThrottlingException"),
    ],
)
def test_the_error_type_is_the_vendors_own(body, kind):
    assert error_fields(body) == {"error_type": kind, "finish_reason": "error"}


def test_a_filtered_prompt_is_filtered_rather_than_failed():
    body = {"error": {"code": "content_filter", "message": "…", "status": 400}}
    assert error_fields(body)["finish_reason"] == "content_filter"


@pytest.mark.parametrize("body", [{}, {"error": None}, {"error": {}}, {"error": ""}, {"id": "x"}])
def test_no_error_no_fields(body):
    assert error_fields(body) == {}


@given(st.dictionaries(st.sampled_from(["error", "__type", "type", "code"]), JSON_VALUES))
def test_no_error_body_raises(body):
    error_fields(body)
    error_fields({"error": body})
