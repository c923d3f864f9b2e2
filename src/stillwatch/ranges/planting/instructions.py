"""Instructions: whether a pipeline's system text is sent as one, or in front of its first message, as its donor does.

Programs differ in whether they send a system text at all. What a pipeline instructs is its own; a program that sends
none puts it before the question.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_GAP = "\n\n"


def instructed(
    system: pa.Array, messages: pa.Array, kinds: NDArray[np.str_], sends: NDArray[np.bool_]
) -> tuple[pa.Array, pa.Array]:
    """Return system texts and messages of n rows so that rows with `sends` have a system text, the others none.

    `kinds` names each row's pipeline, "" for rows that are none's and stay as they are. A pipeline that has a system
    text anywhere sends it in all rows that send one; one that has none anywhere sends none.
    """
    has = pc.is_valid(system).to_numpy(zero_copy_only=False)
    for kind in np.unique(kinds[kinds != ""]).tolist():
        given = np.flatnonzero((kinds == kind) & has)
        lacks = (kinds == kind) & ~has & sends
        if len(given) and lacks.any():
            text = pa.scalar(system[int(given[0])].as_py(), pa.string())
            system = pc.if_else(pa.array(lacks), text, system)
    folded = (kinds != "") & has & ~sends
    return pc.if_else(pa.array(folded), pa.scalar(None, pa.string()), system), _before(
        messages, system, folded
    )


def _before(messages: pa.Array, texts: pa.Array, rows: NDArray[np.bool_]) -> pa.Array:
    """Put the texts of some rows in front of their first messages."""
    lengths = pc.fill_null(pc.list_value_length(messages), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths)
    flat = pc.list_flatten(messages)
    first = np.zeros(len(flat), dtype=bool)
    chosen = rows & (lengths > 0)
    first[(ends - lengths)[chosen]] = True
    role, content = (pc.struct_field(flat, name) for name in ("role", "content"))
    fronts = pc.binary_join_element_wise(
        texts.filter(pa.array(chosen)), content.filter(pa.array(first)), _GAP
    )
    content = pc.replace_with_mask(content, pa.array(first), fronts)
    offsets = pa.array(np.concatenate([[0], ends]).astype(np.int32))
    whole = pa.StructArray.from_arrays([role, content], names=["role", "content"])
    return pa.ListArray.from_arrays(offsets, whole, mask=pc.is_null(messages)).cast(messages.type)
