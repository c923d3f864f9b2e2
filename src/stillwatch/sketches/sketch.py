"""From exchanges to sketches: the whole stage, for one batch or for a stream of them on several threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA, MESSAGES
from stillwatch.sketches import layout, rows
from stillwatch.sketches.buffers import Flags, Texts, column, key_lists, keys, lists, texts, there
from stillwatch.sketches.columns import (
    hash_addresses,
    hash_words,
    joint_keys,
    list_keys,
    seals,
    sequence_keys,
    text_keys,
    words_of,
)
from stillwatch.sketches.keyring import Keyring, Purpose, keyring
from stillwatch.sketches.schema import SKETCH_SCHEMA
from stillwatch.sketches.secret import Secret
from stillwatch.sketches.unicode import unicode_table

# columns that are the key of one string column of the exchange
_TEXT_KEYS: tuple[tuple[str, str, Purpose], ...] = (
    ("exchange_key", "exchange_id", Purpose.EXCHANGE),
    ("account_key", "account_id", Purpose.ACCOUNT),
    ("key_key", "key_id", Purpose.KEY),
    ("end_user_key", "end_user_id", Purpose.END_USER),
    ("session_key", "session_id", Purpose.SESSION),
    ("conn_key", "conn_id", Purpose.CONNECTION),
    ("device_key", "device_id", Purpose.DEVICE),
    ("ja4_key", "ja4", Purpose.JA4),
    ("header_key", "header_hash", Purpose.HEADERS),
    ("agent_key", "user_agent", Purpose.AGENT),
    ("sdk_key", "sdk", Purpose.SDK),
    ("format_key", "response_format", Purpose.FORMAT),
)
_CLIENT = ("ja4_key", "header_key", "agent_key", "sdk_key")
_PARAMS = ("temperature", "top_p", "max_tokens", "n")
Label = Callable[[pa.RecordBatch], pa.Array]


def sketch(batch: pa.RecordBatch, secret: Secret, label: Label | None = None) -> pa.RecordBatch:
    """Sketch a batch of exchanges: SKETCH_SCHEMA, the same rows in the same order.

    `label` gives the column `intents` of a batch: what each request is after, for as long as there is text.
    Deterministic in the rows and the secret alone: neither the split into batches nor the order of rows
    changes any row's sketch. Columns that the batch lacks count as null. Releases the GIL in the kernels.
    """
    ring = keyring(secret)
    made: dict[str, pa.Array] = {}
    made.update(_artefacts(batch, ring))
    made.update(_texts(batch, ring))
    if label is not None:
        made["intents"] = label(batch)
    arrays = []
    for field in SKETCH_SCHEMA:
        array = made.get(field.name)
        if array is None:
            array = column(batch, field.name, field.type)
        arrays.append(array if array.type == field.type else array.cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=SKETCH_SCHEMA)


def sketch_stream(
    batches: Iterable[pa.RecordBatch], secret: Secret, threads: int = 1, label: Label | None = None
) -> Iterator[pa.RecordBatch]:
    """Sketch batches on `threads` threads, in order, with at most `threads` + 1 batches in flight."""
    if threads <= 1:
        for batch in batches:
            yield sketch(batch, secret, label)
        return
    waiting: deque[Future[pa.RecordBatch]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="sketch") as pool:
        try:
            for batch in batches:
                waiting.append(pool.submit(sketch, batch, secret, label))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _get(batch: pa.RecordBatch, name: str) -> pa.Array:
    return column(batch, name, EXCHANGE_SCHEMA.field(name).type)


def _artefacts(batch: pa.RecordBatch, ring: Keyring) -> dict[str, pa.Array]:
    """Keys of identifiers, network and client, parameters, and what is merely counted."""
    found = {to: text_keys(_get(batch, name), ring, purpose) for to, name, purpose in _TEXT_KEYS}
    address = texts(_get(batch, "ip"))
    ip, prefix, known = hash_addresses(
        address, ring.point, seals(ring, Purpose.ADDRESS), seals(ring, Purpose.PREFIX)
    )
    found["ip_key"] = (ip, address.there)
    found["prefix_key"] = (prefix, known)
    asn, has_asn = words_of(_get(batch, "asn"))
    found["asn_key"] = (hash_words(asn, *seals(ring, Purpose.ASN)), has_asn)
    found["client_key"] = joint_keys([found[name] for name in _CLIENT], ring, Purpose.CLIENT)
    seeded = there(_get(batch, "seed"))
    effort = text_keys(_get(batch, "reasoning_effort"), ring, Purpose.PARAMS)
    params = [words_of(_get(batch, name)) for name in _PARAMS]
    params += [(seeded.astype(np.uint64), seeded), effort]
    found["params_key"] = joint_keys(params, ring, Purpose.PARAMS)
    schema, has_schema = text_keys(_get(batch, "tools_hash"), ring, Purpose.TOOLS)
    names, has_names = sequence_keys(_get(batch, "tools"), ring, Purpose.TOOLS)
    found["tools_key"] = (np.where(has_schema, schema, names), has_schema | has_names)
    made = {name: keys(values, present) for name, (values, present) in found.items()}
    for to, name in (("reasoning_refs", "reasoning_ref"), ("reasoning_issues", "reasoning_issued")):
        made[to] = key_lists(*list_keys(_get(batch, name), ring, Purpose.REASONING))
    made["asked_logprobs"] = _get(batch, "logprobs")
    made["tools_offered"] = pc.list_value_length(_get(batch, "tools"))
    made["tool_calls"] = pc.list_value_length(_get(batch, "tool_calls"))
    made["messages"] = pc.list_value_length(_get(batch, "messages"))
    made["reasoning_chars"] = pc.utf8_length(_get(batch, "reasoning"))
    return made


def _request(batch: pa.RecordBatch) -> layout.Request:
    turns, items = lists(_get(batch, "messages").cast(MESSAGES))
    role, content = items.flatten()  # with the struct's own offset and nulls
    roles: Texts = texts(role)
    return layout.Request(
        system=texts(_get(batch, "system")),
        turns=turns,
        roles=layout.role_codes(roles),
        contents=texts(content),
        output=texts(_get(batch, "output")),
    )


def _texts(batch: pa.RecordBatch, ring: Keyring) -> dict[str, pa.Array]:
    """Everything that comes from reading text."""
    request = _request(batch)
    found = layout.found_for(request)
    rows.fill(request, found, layout.desk_for(request), unicode_table(), ring)
    made = {
        name: keys(found.keys[at], found.known[at])
        for name, at in (
            ("system_key", layout.SYSTEM),
            ("content_key", layout.CONTENT),
            ("first_turn_key", layout.FIRST_TURN),
            ("conversation_key", layout.CONVERSATION),
            ("output_key", layout.OUTPUT),
            ("output_skeleton", layout.SKELETON),
        )
    }
    for name, at, values in (
        ("system_shingles", layout.SYSTEM_MARKS, found.system_marks),
        ("user_shingles", layout.USER_MARKS, found.user_marks),
        ("quoted_marks", layout.QUOTED, found.quoted),
        ("output_marks", layout.OUTPUT_MARKS, found.output_marks),
        ("history_keys", layout.HISTORY, found.history),
        ("prefix_keys", layout.PREFIXES, found.prefixes),
    ):
        made[name] = key_lists(values, found.ends[at])
    made.update(_shape(request, found))
    return made


def _shape(request: layout.Request, found: layout.Found) -> dict[str, pa.Array]:
    asked = found.numbers[layout.TURNS] > 0
    turns, system, output = request.turns.there, request.system.there, request.output.there
    numbers: tuple[tuple[str, int, Flags], ...] = (
        ("turns", layout.TURNS, turns),
        ("system_chars", layout.SYSTEM_CHARS, system),
        ("user_chars", layout.USER_CHARS, asked),
        ("request_chars", layout.REQUEST_CHARS, turns | system),
        ("output_chars", layout.OUTPUT_CHARS, output),
        ("output_words", layout.OUTPUT_WORDS, output),
        ("script", layout.SCRIPT, asked),
        ("output_script", layout.OUTPUT_SCRIPT, output),
    )
    made = {name: pa.array(found.numbers[at], mask=~present) for name, at, present in numbers}
    for name, at in (("code_share", layout.CODE), ("echo_share", layout.ECHO)):
        made[name] = pa.array(found.shares[at], mask=np.isnan(found.shares[at]))
    return made
