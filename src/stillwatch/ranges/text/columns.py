"""What is asked of the engine, as columns: references to texts, conversations, and the answers that come back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

NONE = -1  # a symbol: no text


@dataclass
class Refs:
    """References to n texts: what to write, about what, which turn, and which sampling of it."""

    symbol: NDArray[np.int32]  # `Texts.symbol`; -1: no text
    topic: NDArray[np.uint64]
    seed: NDArray[np.uint64]
    sample: NDArray[np.uint16]  # 0 as a rule; others: further answers to the same prompt

    def __post_init__(self) -> None:
        _cast(self, symbol=np.int32, topic=np.uint64, seed=np.uint64, sample=np.uint16)

    def __len__(self) -> int:
        return len(self.symbol)

    @staticmethod
    def none(n: int) -> Refs:
        """Return n references to no text."""
        nothing = np.zeros(n, np.uint64)
        return Refs(np.full(n, NONE, np.int32), nothing, nothing.copy(), np.zeros(n, np.uint16))


@dataclass
class Talk:
    """n exchanges of conversations; see `Texts.messages`."""

    script: NDArray[np.int32]  # `Texts.script`
    topic: NDArray[np.uint64]
    thread: NDArray[np.uint64]  # the conversation
    thread2: NDArray[np.uint64]  # and that which goes on from turn `fork`
    first: NDArray[np.uint16]  # first turn that the messages still hold
    fork: NDArray[np.uint16]
    turn: NDArray[np.uint16]
    sample: NDArray[np.uint16]  # of the exchange's own answer
    closing: NDArray[np.bool_]  # an agent's last turn: no tool call
    profile: NDArray[np.uint8]  # `lengths.profile`
    arg0: Refs
    arg1: Refs

    def __post_init__(self) -> None:
        _cast(
            self, script=np.int32, topic=np.uint64, thread=np.uint64, thread2=np.uint64, first=np.uint16,
            fork=np.uint16, turn=np.uint16, sample=np.uint16, closing=np.bool_, profile=np.uint8,
        )  # fmt: skip
        for name in ("arg0", "arg1"):
            if len(getattr(self, name)) != len(self.script):
                raise ValueError(
                    f"Talk.{name}: {len(getattr(self, name))} rows for {len(self.script)} exchanges"
                )
        if (self.first > self.turn).any():
            raise ValueError("Talk.first: later than the exchange's own turn")

    def __len__(self) -> int:
        return len(self.script)


@dataclass(frozen=True)
class Answers:
    """What the model answers in n exchanges."""

    output: pa.StringArray
    refused: NDArray[np.bool_]
    call_name: pa.StringArray  # null: no tool call
    call_arguments: pa.StringArray


def _cast(table: Any, **types: type) -> None:
    """Give columns their type, contiguous and writable so that kernels compile once; check their lengths."""
    length = None
    for column in fields(table):
        if column.name not in types:
            continue
        values = np.asarray(getattr(table, column.name))
        if values.ndim != 1 or values.dtype.kind not in "biu":
            raise ValueError(
                f"{type(table).__name__}.{column.name}: expected one dimension of whole numbers, "
                f"found {values.ndim} of {values.dtype}"
            )
        length = len(values) if length is None else length
        if len(values) != length:
            raise ValueError(
                f"{type(table).__name__}.{column.name}: {len(values)} rows, but {length} in the first column"
            )
        setattr(table, column.name, np.require(values, types[column.name], ["C", "A", "W"]))
