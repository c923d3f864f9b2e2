"""Who the customer says its user is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.caller import caller, unpacked_user
from stillwatch.exchanges.bodies.fields import BodyError
from tests.exchanges.bodies.makers import JSON_VALUES

DEVICE = "a1" * 32
ACCOUNT = "11111111-2222-3333-4444-555555555555"
SESSION = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("body", "user"),
    [
        ({"user_profile_id": "p", "safety_identifier": "s"}, "p"),
        ({"safety_identifier": "s", "user": "u"}, "s"),
        ({"user": "u", "metadata": {"user_id": "m"}}, "u"),
        ({"metadata": {"user_id": 7}}, "7"),
        ({"metadata": "free text"}, None),
        ({}, None),
    ],
)
def test_the_most_particular_name_counts(body, user):
    assert caller(body).get("end_user_id") == user


def test_session_and_device_are_taken_from_whichever_name_packs_them():
    packed = f"user_{DEVICE}_account__session_{SESSION}"
    record = caller({"user_profile_id": "p", "metadata": {"user_id": packed}})
    assert record == {"end_user_id": "p", "session_id": SESSION, "device_id": f"user_{DEVICE}"}


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("customer-7", {"end_user_id": "customer-7"}),
        (
            f"user_{DEVICE}_account_{ACCOUNT}_session_{SESSION}",
            {"end_user_id": ACCOUNT, "session_id": SESSION, "device_id": f"user_{DEVICE}"},
        ),
        (
            f"user_{DEVICE}_account__session_{SESSION}",
            {"end_user_id": f"user_{DEVICE}", "session_id": SESSION, "device_id": f"user_{DEVICE}"},
        ),
        (
            json.dumps({"device_id": DEVICE, "account_uuid": "", "session_id": SESSION}),
            {"end_user_id": DEVICE, "session_id": SESSION, "device_id": DEVICE},
        ),
        ("{not json", {"end_user_id": "{not json"}),
        ('{"other": 1}', {"end_user_id": '{"other": 1}'}),
    ],
)
def test_a_coding_agent_packs_device_and_session_into_the_user(user, expected):
    assert unpacked_user(user) == expected
    assert caller({"user": user}) == caller({"metadata": {"user_id": user}}) == expected


@given(
    st.dictionaries(
        st.sampled_from(["user", "metadata", "safety_identifier", "user_profile_id"]), JSON_VALUES
    )
)
def test_any_body_is_read_or_refused(body):
    for said in (body, {"metadata": {"user_id": body}}):
        try:
            caller(said)
        except BodyError as error:
            assert "expected" in error.reason


@given(st.text(max_size=20))
def test_any_name_is_a_name(name):
    assert unpacked_user("{" + name)["end_user_id"]
