"""The format of a row, without its content: which columns are null, how ids look, how finely numbers are told.

No feature says what a value is: of an id its length, its classes of character and its alphabetic prefix, of a time
its resolution, of a number its decimals. A simulator that writes campaigns through other code than honest traffic
differs here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA, EXCHANGE_FIELDS
from stillwatch.ranges.scoring.database import text

EXCHANGE_IDS = (
    "exchange_id", "account_id", "org_id", "project_id", "key_id", "end_user_id", "session_id", "response_id",
    "previous_response_id", "tools_hash", "ja4", "header_hash", "conn_id", "device_id",
)  # fmt: skip
ACCOUNT_IDS = ("account_id", "org_id", "payment_fp", "email_fp", "phone_fp")
EXCHANGE_NUMBERS = ("duration_ms", "ttft_ms", "temperature", "top_p")
EXCHANGE_TIMES = ("time",)
ACCOUNT_TIMES = ("created_at",)

# Null or not by what the model or the provider did, by how many turns there were, or by what an account declares of
# its use: behaviour and evidence, not form.
OUTCOMES = frozenset(
    {
        "refusal_category", "error_type", "output", "tool_calls", "ttft_ms", "output_tokens", "reasoning_ref",
        "status_at", "declared_use",
    }
)  # fmt: skip

PREFIX = "^([A-Za-z]{1,8})[_-]"  # a random id has none

# The software and the way in, without versions: what campaign and honest rows must share to be compared.
CLIENT_CLASS = """concat_ws(' | ',
    coalesce(lower(regexp_extract(user_agent, '^[^/\\s]+')), 'no agent'),
    coalesce(lower(regexp_extract(sdk, '^[^/\\s]+')), 'no sdk'),
    CASE WHEN platform LIKE 'gateway:%' THEN 'relayed' ELSE 'direct' END)"""


def exchange_features() -> dict[str, str]:
    """Return feature name -> SQL over the columns of an exchange; prefixes are text, all others numbers."""
    names = [name for name, _kind in EXCHANGE_FIELDS if name not in OUTCOMES]
    return _features(names, EXCHANGE_IDS, EXCHANGE_NUMBERS, EXCHANGE_TIMES)


def account_features() -> dict[str, str]:
    """Return feature name -> SQL over the columns of the accounts table."""
    names = [name for name in ACCOUNT_SCHEMA.names if name not in OUTCOMES]
    return _features(names, ACCOUNT_IDS, (), ACCOUNT_TIMES)


def exchange_columns() -> Mapping[str, str]:
    """Return the columns of an exchange with the SQL types they are read as: only their form is looked at."""
    columns = dict.fromkeys((name for name, _kind in EXCHANGE_FIELDS), "VARCHAR")
    return columns | dict.fromkeys(EXCHANGE_NUMBERS, "DOUBLE") | dict.fromkeys(EXCHANGE_TIMES, "TIMESTAMPTZ")


def account_columns() -> Mapping[str, str]:
    """Return the columns of the accounts table with the SQL types they are read as."""
    return dict.fromkeys(ACCOUNT_SCHEMA.names, "VARCHAR") | dict.fromkeys(ACCOUNT_TIMES, "TIMESTAMPTZ")


def _features(
    names: Sequence[str], ids: Sequence[str], numbers: Sequence[str], times: Sequence[str]
) -> dict[str, str]:
    found = {f"{name} is null": f'("{name}" IS NULL)::DOUBLE' for name in names}
    for name in ids:
        found[f"{name} length"] = f'length("{name}")::DOUBLE'
        found[f"{name} prefix"] = f"coalesce(regexp_extract(\"{name}\", {text(PREFIX)}, 1), '')"
        for kind, pattern in (("capitals", "[A-Z]"), ("small letters", "[a-z]"), ("digits", "[0-9]")):
            found[f"{name} has {kind}"] = f'regexp_matches("{name}", {text(pattern)})::DOUBLE'
        # beyond hexadecimal, and beyond letters and digits
        found[f"{name} beyond hex"] = f'regexp_matches("{name}", {text("[g-zG-Z]")})::DOUBLE'
        found[f"{name} other characters"] = (
            f"length(regexp_replace(\"{name}\", {text('[A-Za-z0-9]')}, '', 'g'))::DOUBLE"
        )
    for name in numbers:
        found[f"{name} decimals"] = (
            f"length(regexp_extract(regexp_replace(CAST(\"{name}\" AS VARCHAR), '0+$', ''), '[.](.*)$', 1))::DOUBLE"
        )
    for name in times:
        micros = f'CAST(epoch_us("{name}") AS VARCHAR)'
        found[f"{name} zeros"] = f"least(length(regexp_extract({micros}, '0*$')), 6)::DOUBLE"
    return found
