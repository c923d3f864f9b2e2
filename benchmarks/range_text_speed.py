"""How fast simulated text is written, on one core and on all, against a floor measured in the same run.

The floor is what no generator can beat while it makes Arrow arrays: ready sentences, taken by random index and
joined into texts of the same number and about the same size (pyarrow `take`, then `binary_join`).

    python benchmarks/range_text_speed.py --exchanges 20000
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.ranges.hashing import below, mix
from stillwatch.ranges.text import Refs, Script, Talk, Texts, profile

TURN = 6  # of a chat: thirteen messages are sent
RUNS = 3


def talk(texts: Texts, exchanges: int, part: int = 0) -> Talk:
    """Return the seventh turns of chats in all languages, by their weight."""
    row = np.arange(exchanges) + part * exchanges
    chat = Script("request", "follow_up", "answer", small_talk=0.04, refusal=0.008)
    scripts = np.array([texts.script(chat, code) for code in texts.languages])
    language = np.searchsorted(np.cumsum(texts.weights)[:-1], below(mix(row, 9), 1000) / 1000, side="right")
    zero, none = np.zeros(exchanges, np.uint16), Refs.none(exchanges)
    return Talk(
        script=scripts[language], topic=mix(row, 1), thread=mix(row, 2), thread2=mix(row, 2), first=zero,
        fork=zero, turn=zero + TURN, sample=zero, closing=zero > 0,
        profile=np.full(exchanges, profile(5, 2)), arg0=none, arg1=none,
    )  # fmt: skip


def best(work: Callable[[], int], clock: Callable[[], float] = time.thread_time) -> float:
    """Return the best MB a second of a few runs of something that tells the bytes it wrote.

    By default a second is one of this thread's processor time: others may be busy on the machine.
    """
    rates = []
    for _ in range(RUNS):
        began = clock()
        written = work()
        rates.append(written / 1e6 / (clock() - began))
    return max(rates)


def size_of(array: pa.StringArray) -> int:
    """Return the bytes of an array's texts; its buffer may be longer."""
    return int(np.frombuffer(array.buffers()[1], np.int32)[len(array)])


def floor(sentences: pa.StringArray, texts: int, each: int) -> Callable[[], int]:
    """Return the floor as a task: texts of `each` ready sentences."""
    index = pa.array(below(mix(np.arange(texts * each), 5), len(sentences)))
    offsets = pa.array(np.arange(texts + 1, dtype=np.int32) * each)

    def work() -> int:
        lists = pa.ListArray.from_arrays(offsets, sentences.take(index))
        return size_of(pc.binary_join(lists, " "))

    return work


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--exchanges", type=int, default=20_000)
    exchanges = parser.parse_args().exchanges
    texts = Texts.load()
    texts.messages(talk(texts, 10))  # compiles, or loads what was compiled

    def written(part: int = 0) -> int:
        return size_of(texts.messages(plans[part]).values.field("content"))

    cores = os.cpu_count() or 1
    plans = [talk(texts, exchanges, part) for part in range(2 * cores)]
    messages = (2 * TURN + 1) * exchanges
    alone = best(written)
    with ThreadPoolExecutor(cores) as pool:
        together = best(lambda: sum(pool.map(written, range(len(plans)))), time.perf_counter)

    n = 20_000
    statement = np.full(n, texts.symbol("statement"), np.int32)
    sentences = texts.render(
        Refs(statement, mix(np.arange(n), 3), mix(np.arange(n), 4), np.zeros(n, np.uint16))
    )
    size = size_of(sentences) / n
    least = best(floor(sentences, messages, max(1, round(written() / messages / size))))
    rate = alone * 1e6 / (written() / exchanges)
    print(f"messages with history, one core: {alone:7.0f} MB/s ({rate:,.0f} exchanges/s)")
    print(f"messages with history, {cores} cores: {together:6.0f} MB/s")
    print(f"floor, ready sentences joined:   {least:7.0f} MB/s")
    print(f"the floor is {least / alone:.1f} times as fast as one core")


if __name__ == "__main__":
    main()
