"""Whatever a person names is found by its id, told as text and as data; what is not there is told with what is."""

from __future__ import annotations

import orjson
import pytest

from stillwatch.report.subjects import explain_subject, kind_of, meant, subject_record

from .makers import campaign, result, three

FOUND = campaign()
RESULT = result((FOUND,))
A, B = (m.account_id for m in FOUND.accounts[:2])
EXCHANGE = f"{FOUND.campaign_id}-{A}-1"


def test_each_kind_of_id_is_known() -> None:
    assert [kind_of(RESULT, s) for s in (FOUND.campaign_id, A, EXCHANGE, "nobody", "")] == [
        *("campaign", "account", "exchange"),
        *(None, None),
    ]


def test_a_campaign_is_meant_by_place_or_beginning_and_an_id_by_itself() -> None:
    several = result(three())
    first = meant(several, "1")
    assert kind_of(several, first) == "campaign" and meant(several, first) == first
    assert meant(RESULT, FOUND.campaign_id[:4]) == FOUND.campaign_id
    assert [meant(RESULT, s) for s in (A, "99", "nobody", "")] == [A, "99", "nobody", ""]


def test_each_kind_is_explained_in_its_own_way() -> None:
    assert "What would have had to be different" in explain_subject(RESULT, FOUND.campaign_id)
    assert "What ties it to the others" in explain_subject(RESULT, A)
    assert "attributed to" in explain_subject(RESULT, EXCHANGE)
    assert f"{A} – {B}" in explain_subject(RESULT, A, B)


def test_the_same_is_there_as_data() -> None:
    record = subject_record(RESULT, FOUND.campaign_id)
    assert {"why_this_word", "what_decides", "innocent_readings", "grounds"} == set(record["explained"])
    (account,) = subject_record(RESULT, A)
    assert account["account"]["account_id"] == A and account["without_its_strongest_tie"]
    (link,) = subject_record(RESULT, A, B)
    assert link["accounts"] == [A, B]
    assert subject_record(RESULT, EXCHANGE)["exchange_id"] == EXCHANGE
    for asked in ((FOUND.campaign_id,), (A,), (A, B), (EXCHANGE,)):
        assert orjson.loads(orjson.dumps(subject_record(RESULT, *asked)))


@pytest.mark.parametrize("asked", [("nobody",), ("nobody", A), (A, "nobody"), (A, FOUND.campaign_id)])
@pytest.mark.parametrize("ask", [explain_subject, subject_record])
def test_what_is_not_there_is_told_with_what_is(ask, asked: tuple[str, ...]) -> None:
    with pytest.raises(KeyError) as error:
        ask(RESULT, *asked)
    said = error.value.args[0]
    assert "there is 1 campaign" in said and FOUND.campaign_id in said and "fix:" in said


def test_a_near_miss_is_guessed() -> None:
    with pytest.raises(KeyError, match=f"did you mean {FOUND.campaign_id}"):
        explain_subject(RESULT, FOUND.campaign_id + "x")


def test_an_account_of_no_campaign_has_no_record_and_a_text() -> None:
    assert subject_record(RESULT, "honest_001") == []
    assert "nothing was found" in explain_subject(RESULT, "honest_001")
