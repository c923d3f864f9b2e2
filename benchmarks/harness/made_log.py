"""A made-up log of the size asked for, written fast: whole columns at a time, no loop over exchanges.

Thousands of accounts: people chatting (a turn sends its history again), applications with a system prompt and
a template of their own, batch work, and one pool that shares a harvest out. Prompts and answers hold about
1 KB of text each; words come from invented vocabularies in five scripts. For speed and memory, not for
judging detection: it is far more regular than traffic.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA, MESSAGES

BLOCK = 20_000  # exchanges made at a time, and in a row group
WORDS = 4_000  # of one vocabulary
APPS, BATCHES, POOL = 300, 200, 40  # accounts, but for the people
START = 1_780_000_000_000_000  # microseconds since 1970
EVERY = 4_000_000  # microseconds between exchanges
LANGUAGES = (  # share, letters, separator, mean bytes of a word with its separator
    (0.86, "etaoinshrdlucmfwypvbgk", " ", 7.5),
    (0.05, "enisratdhulcgmobwfkzüöä", " ", 7.7),
    (0.04, "模型解释了如何比较这些结果并且说明原因数据表格问题答案文本系统用户时间方法", "", 6.0),
    (0.03, "оеаинтсрвлкмдпуяыьгзб", " ", 14.0),
    (0.02, "اليمنوتربةدعسفحكهجشطصخغ", " ", 14.0),
)
KINDS = ("chat", "app", "batch", "pool")
SHARES = (0.55, 0.25, 0.15, 0.05)
TURN, ANSWER = 285, 1_075  # bytes of a chat's turn and of any answer
CHAT_TURNS = (0.5, 0.3, 0.2)  # conversations of one, two and three requests

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    words: pa.Array
    separator: str
    word_bytes: float


class Writer:
    """Draws words and texts; the same seed, the same texts."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.vocabularies = [self._vocabulary(*language[1:]) for language in LANGUAGES]
        weights = 1.0 / np.arange(3, WORDS + 3) ** 0.9  # Zipf, as words are
        self.cumulative = np.cumsum(weights / weights.sum())

    def _vocabulary(self, letters: str, separator: str, word_bytes: float) -> Vocabulary:
        spaced = bool(separator)
        sizes = self.draw.integers(3, 10, WORDS) if spaced else np.full(WORDS, 2)
        picks = self.draw.integers(0, len(letters), (WORDS, 10))
        words = ["".join(letters[i] for i in row[:n]) for row, n in zip(picks, sizes, strict=True)]
        return Vocabulary(pa.array(words), separator, word_bytes)

    def texts(self, count: int, size: int, language: int = 0) -> pa.Array:
        """Return `count` texts of about `size` bytes."""
        vocabulary = self.vocabularies[language]
        mean = size / vocabulary.word_bytes
        lengths = np.maximum(1, self.draw.normal(mean, mean / 5, count)).astype(np.int64)
        ends = np.concatenate([[0], np.cumsum(lengths)])
        picks = np.searchsorted(self.cumulative, self.draw.random(int(ends[-1])))
        words = vocabulary.words.take(pa.array(np.minimum(picks, WORDS - 1)))
        lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), words)
        return pc.binary_join(lists, vocabulary.separator)

    def filled(self, templates: pa.Array, which: Ints, slot: pa.Array) -> pa.Array:
        """Return texts of which the template is constant and the slot is not."""
        return pc.binary_join_element_wise(templates.take(pa.array(which)), slot, "\n\n")


@dataclass(frozen=True)
class Asked:
    """A block's requests of one kind: parallel columns."""

    account: pa.Array
    system: pa.Array
    messages: pa.Array
    output: pa.Array
    conversation: Ints


class MadeLog:
    """The population of a log of `rows` exchanges, and its blocks."""

    def __init__(self, rows: int, seed: int) -> None:
        self.rows, self.writer = rows, Writer(seed)
        self.people = max(2_000, rows // 60)
        self.languages = self.writer.draw.choice(len(LANGUAGES), 8, p=[share for share, *_ in LANGUAGES])
        self.systems = self.writer.texts(APPS, 350)
        self.forms = self.writer.texts(APPS, 150)
        self.batches = self.writer.texts(BATCHES, 300)
        self.harvest = self.writer.texts(1, 450)

    def block(self, first: int, count: int) -> pa.Table:
        """Return exchanges `first` to `first + count` as a table of EXCHANGE_SCHEMA."""
        sizes = [int(count * share) for share in SHARES]
        sizes[0] += count - sum(sizes)
        parts = [self.chats(sizes[0], first), self.apps(sizes[1]), self.batch(sizes[2]), self.pool(sizes[3])]
        order = self.writer.draw.permutation(count)
        order[: sizes[0]] = np.sort(order[: sizes[0]])  # a conversation's turns stay in order
        place = pa.array(np.argsort(order))
        columns = {
            name: pa.concat_arrays([_one(getattr(part, name)) for part in parts]).take(place)
            for name in ("account", "system", "messages", "output")
        }
        conversation = np.concatenate([part.conversation for part in parts])[np.argsort(order)]
        return self._table(first, count, columns, conversation)

    def _table(self, first: int, count: int, made: dict[str, pa.Array], conversation: Ints) -> pa.Table:
        draw = self.writer.draw
        number = np.arange(first, first + count)
        holder = pc.dictionary_encode(made["account"])
        who = holder.indices.to_numpy().astype(np.int64)
        hosts = np.array([hash_name(name) for name in holder.dictionary.to_pylist()])[who]
        words = [str(n) for n in range(256)]
        address = [pa.array(words).take(pa.array((hosts >> shift) & 255)) for shift in (0, 8, 16)]
        columns = {
            "exchange_id": _named("x", number, 10),
            "time": pa.array(START + number * EVERY).cast(pa.timestamp("us", tz="UTC")),
            "duration_ms": pa.array(draw.gamma(2.0, 900.0, count)),
            "account_id": made["account"],
            "key_id": pc.binary_join_element_wise("k", made["account"], "-"),
            "platform": _same("direct", count),
            "api": _same("chat", count),
            "model": _same("m-large", count),
            "system": made["system"],
            "messages": made["messages"],
            "temperature": pa.array(np.where(hosts % 3 == 0, 0.7, 1.0)),
            "max_tokens": pa.array(np.full(count, 1024)),
            "stream": pa.array(hosts % 2 == 0),
            "output": made["output"],
            "finish_reason": _same("stop", count),
            "status": pa.array(np.full(count, 200)),
            "input_tokens": pa.array(draw.integers(150, 350, count)),
            "output_tokens": pa.array(draw.integers(150, 350, count)),
            "ip": pc.binary_join_element_wise("10", *address, "."),
            "user_agent": pa.array([f"client/{n}.0" for n in range(23)]).take(pa.array(hosts % 23)),
            "ja4": pa.array([f"t13d{n:04x}" for n in range(61)]).take(pa.array(hosts % 61)),
            "conn_id": _named("c", conversation, 12),
        }
        arrays = [columns.get(f.name) for f in EXCHANGE_SCHEMA]
        cast = [
            pa.nulls(count, f.type) if a is None else _one(a).cast(f.type)
            for f, a in zip(EXCHANGE_SCHEMA, arrays, strict=True)
        ]
        return pa.Table.from_arrays(cast, schema=EXCHANGE_SCHEMA)

    def chats(self, count: int, first: int) -> Asked:
        """Return chats: a request carries the turns and answers before it."""
        writer, draw = self.writer, self.writer.draw
        turns = draw.choice(3, count, p=CHAT_TURNS) + 1
        conversation = np.repeat(np.arange(count), turns)[:count]
        starts = np.concatenate([[True], conversation[1:] != conversation[:-1]])
        begin = np.maximum.accumulate(np.where(starts, np.arange(count), 0))
        nth = np.arange(count) - begin
        language = int(self.languages[(first // BLOCK) % len(self.languages)])
        asked, answered = writer.texts(count, TURN, language), writer.texts(count, ANSWER, language)
        both = pa.concat_arrays([_one(asked), _one(answered)])
        ends = np.concatenate([[0], np.cumsum(2 * nth + 1)])
        row = np.repeat(np.arange(count), 2 * nth + 1)
        at = np.arange(ends[-1]) - ends[row]
        source = begin[row] + at // 2 + np.where(at % 2 == 1, count, 0)
        messages = _messages(ends, at % 2, both.take(pa.array(source)))
        account = _named("p", draw.integers(0, self.people, count)[conversation], 8)
        return Asked(account, pa.nulls(count, pa.string()), messages, answered, first * 10 + conversation)

    def apps(self, count: int) -> Asked:
        """Return applications: a system prompt and a request form of their own, many short fillings."""
        which = self.writer.draw.integers(0, APPS, count)
        asked = self.writer.filled(self.forms, which, self.writer.texts(count, 640))
        return self._single("a", which, self.systems.take(pa.array(which)), asked)

    def batch(self, count: int) -> Asked:
        """Return batch work: one instruction over many documents."""
        which = self.writer.draw.integers(0, BATCHES, count)
        asked = self.writer.filled(self.batches, which, self.writer.texts(count, 750))
        return self._single("b", which, pa.nulls(count, pa.string()), asked)

    def pool(self, count: int) -> Asked:
        """Return a harvest that many accounts share out."""
        which = self.writer.draw.integers(0, POOL, count)
        none = np.zeros(count, dtype=np.int64)
        asked = self.writer.filled(self.harvest, none, self.writer.texts(count, 550))
        return self._single("h", which, pa.nulls(count, pa.string()), asked)

    def _single(self, letter: str, which: Ints, system: pa.Array, asked: pa.Array) -> Asked:
        count = len(which)
        messages = _messages(np.arange(count + 1), np.zeros(count, dtype=np.int64), _one(asked))
        answers = self.writer.texts(count, ANSWER)
        return Asked(_named(letter, which, 8), system, messages, answers, which)


def _one(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _same(value: str, count: int) -> pa.Array:
    return pa.array([value]).take(pa.array(np.zeros(count, dtype=np.int64)))


def _named(letter: str, numbers: Ints, width: int) -> pa.Array:
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(letter, padded, "")


def _messages(ends: Ints, roles: Ints, contents: pa.Array) -> pa.Array:
    role = pa.array(["user", "assistant"]).take(pa.array(roles))
    turns = pa.StructArray.from_arrays([role, _one(contents)], names=["role", "content"])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), turns).cast(MESSAGES)


def hash_name(name: str) -> int:
    """Return a number below 2^24 that stays with a name; no secret is kept here."""
    value = 0
    for byte in name.encode():
        value = (value * 131 + byte) & 0xFFFFFF
    return value


def write_log(folder: Path, rows: int, seed: int = 1, form: str = "parquet") -> Path:
    """Write a log to `folder` unless it is there already; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"made-{rows}-{seed}.{form}"
    if path.exists():
        return path
    unfinished = path.with_suffix(".unfinished")
    log = MadeLog(rows, seed)
    sizes = [min(BLOCK, rows - first) for first in range(0, rows, BLOCK)]
    if form == "parquet":
        with pq.ParquetWriter(unfinished, EXCHANGE_SCHEMA, compression="zstd") as out:
            for i, size in enumerate(sizes):
                out.write_table(log.block(i * BLOCK, size))
    else:
        with unfinished.open("wb") as file:
            for i, size in enumerate(sizes):
                file.write(_lines(log.block(i * BLOCK, size)))
    return unfinished.rename(path)


def _lines(table: pa.Table) -> bytes:
    table = table.drop(["source_file", "source_line"])
    # fields that are null throughout a log are not written by anyone
    kept = table.select([name for name in table.column_names if table[name].null_count < len(table)])
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in kept.to_pylist())


def text_bytes(path: Path) -> tuple[float, float]:
    """Return the mean bytes of text in a Parquet log's requests (history and system included) and answers."""
    asked = answered = rows = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BLOCK, columns=["messages", "system", "output"]):
            contents = batch["messages"].flatten().field("content")
            for column in (contents, batch["system"]):
                asked += pc.sum(pc.binary_length(column)).as_py() or 0
            answered += pc.sum(pc.binary_length(batch["output"])).as_py() or 0
            rows += len(batch)
    return asked / rows, answered / rows
