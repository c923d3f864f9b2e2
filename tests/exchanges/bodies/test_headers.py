"""What headers say, in any of the ways they are logged."""

from __future__ import annotations

import pytest
from hypothesis import given

from stillwatch.exchanges.bodies import headers
from stillwatch.exchanges.bodies.fields import BodyError
from tests.exchanges.bodies.makers import JSON_VALUES

SENT = {
    "Host": "api.example.com",
    "User-Agent": "OpenAI/Python 3.3.0",
    "X-Stainless-Lang": "python",
    "X-Stainless-Package-Version": "3.3.0",
    "X-Stainless-Runtime": "CPython",
    "X-Stainless-Runtime-Version": "3.11.7",
}


def client(sent):
    return headers.client(headers.header_list(sent, "request.headers"))


def test_the_client_of_a_request():
    record = client(SENT)
    assert record["user_agent"] == "OpenAI/Python 3.3.0"
    assert record["sdk"] == "python/3.3.0 (CPython 3.11.7)"
    assert len(record["header_hash"]) == 16


@pytest.mark.parametrize(
    "logged",
    [
        list(map(list, SENT.items())),
        [{"name": name, "value": value} for name, value in SENT.items()],
        {name.lower(): [value] for name, value in SENT.items()},
    ],
)
def test_the_way_of_logging_does_not_matter(logged):
    assert client(logged) == client(SENT)


def test_the_hash_is_of_names_in_order_not_of_values():
    other = dict.fromkeys(SENT, "x")
    turned = dict(reversed(SENT.items()))
    assert client(other)["header_hash"] == client(SENT)["header_hash"]
    assert client(turned)["header_hash"] != client(SENT)["header_hash"]
    assert client(None) == {}


@pytest.mark.parametrize(
    ("sent", "sdk"),
    [
        ({"x-stainless-lang": "js", "x-stainless-package-version": "5.0.1"}, "js/5.0.1"),
        ({"x-stainless-lang": "js"}, "js"),
        ({"x-stainless-lang": "js", "x-stainless-runtime": "unknown"}, "js"),
        ({"x-stainless-runtime": "node"}, None),
    ],
)
def test_an_sdk_that_says_less(sent, sdk):
    assert client(sent).get("sdk") == sdk


def test_the_registered_profile_and_the_session():
    sent = {"anthropic-user-profile-id": "uprof_1", "X-Claude-Code-Session-Id": "s1"}
    record = client(sent)
    assert (record["end_user_id"], record["session_id"]) == ("uprof_1", "s1")


def test_no_address_and_no_organisation_is_taken_from_headers():
    record = client({"x-forwarded-for": "198.51.100.7", "openai-organization": "org"})
    assert record.keys() == {"header_hash"}


def test_the_services_id_is_the_exchanges():
    assert headers.request_id(headers.header_list({"Request-Id": "req_1"}, "x")) == "req_1"
    assert headers.request_id([]) is None


def test_of_a_repeated_header_the_first_counts():
    assert client([["user-agent", "a"], ["user-agent", "b"]])["user_agent"] == "a"


def test_the_error_that_aws_names():
    answered = headers.header_list({"x-amzn-ErrorType": "ThrottlingException:http://…"}, "x")
    assert headers.error_type(answered) == "ThrottlingException"
    assert headers.error_type([]) is None


@given(JSON_VALUES)
def test_any_headers_are_read_or_refused(value):
    try:
        found = headers.header_list(value, "request.headers")
    except BodyError as error:
        assert error.field.startswith("request.headers")
        return
    headers.client(found)
    headers.request_id(found)
