"""What is packed comes back bit for bit; what a version lacks takes its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, make_dataclass
from typing import Any, Literal

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from stillwatch.evidence.group import Group, Population
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.packing import SHORT, pack, unpack
from tests.signals.makers import group, population
from tests.signals.strategies import scans


def through_json(value: Any) -> Any:
    return orjson.loads(orjson.dumps(pack(value)))


def same(a: Any, b: Any) -> bool:
    """Whether two values are the same, arrays by type and bit."""
    if is_dataclass(a):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, Mapping):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and (a == b or a != a)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(scans())
def test_any_group_and_its_population_come_back_as_they_were(said: tuple[Group, Population]) -> None:
    for kind, value in zip((Group, Population), said, strict=True):
        assert same(unpack(kind, through_json(value)), value)


def test_a_group_with_every_field_comes_back(recwarn: pytest.WarningsRecorder) -> None:
    assert same(unpack(Group, through_json(group())), group())
    assert same(unpack(Population, through_json(population(size=5_000))), population(size=5_000))


@dataclass(frozen=True)
class Inner:
    numbers: NDArray[np.float64]


@dataclass(frozen=True)
class Odd:
    """One of every kind of field."""

    array: NDArray[Any]
    word: Literal["a", "b"]
    maybe: Inner | None
    pair: tuple[int, float]
    many: tuple[Inner, ...]
    by_number: Mapping[int, tuple[str, ...]]
    chosen: frozenset[str]
    ratio: float
    flag: bool = False
    anything: Any = None
    rows: list[int] = field(default_factory=list)


ARRAYS = st.one_of(
    npst.arrays(dtype, st.one_of(st.integers(0, 2 * SHORT), st.just((3, 2))))
    for dtype in ("<i8", "<f8", "<f4", "?", "<u2", "<U3")
)
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
INNER = st.builds(Inner, npst.arrays("<f8", st.integers(0, 3)))
ODD = st.builds(
    Odd,
    array=ARRAYS,
    word=st.sampled_from(["a", "b"]),
    maybe=st.none() | INNER,
    pair=st.tuples(st.integers(-(2**60), 2**60), FLOATS),
    many=st.lists(INNER, max_size=3).map(tuple),
    by_number=st.dictionaries(st.integers(-5, 5), st.lists(st.text(max_size=3), max_size=2).map(tuple)),
    chosen=st.frozensets(st.text(max_size=4), max_size=3),
    ratio=FLOATS,
    flag=st.booleans(),
    anything=st.none() | st.integers(0, 9),
    rows=st.lists(st.integers(0, 9), max_size=3),
)


@given(ODD)
def test_any_field_comes_back_as_it_was(value: Odd) -> None:
    assert same(unpack(Odd, through_json(value)), value)


def test_numbers_of_the_library_are_packed_as_numbers() -> None:
    assert pack({"n": np.int64(3), "x": np.float64(0.5)}) == [["n", 3], ["x", 0.5]]


def test_a_field_that_the_file_lacks_takes_its_default() -> None:
    packed = {
        name: value for name, value in through_json(group()).items() if name not in ("traits", "permitted")
    }
    read = unpack(Group, packed)
    assert read.traits == {} and read.permitted == 0


def test_a_field_that_is_gone_is_left_out() -> None:
    assert unpack(Group, through_json(group()) | {"mood": "fine"}).size == group().size


@dataclass(frozen=True)
class Later:
    """What a later version measures."""

    numbers: NDArray[np.float64]
    colour: str


@dataclass(frozen=True)
class Whole:
    maybe: Later | None = None
    many: tuple[Later, ...] = ()
    flag: bool = False


def test_a_part_that_lacks_a_field_is_left_out_whole_where_it_can_be_and_that_is_told() -> None:
    before = through_json(Inner(np.ones(2)))
    left_out: list[str] = []
    read = unpack(Whole, {"maybe": before, "many": [before], "flag": True}, "F-0001", left_out)
    assert read == Whole(flag=True)
    assert left_out == [
        "F-0001.maybe: .colour was not counted",
        "F-0001.many: [0].colour was not counted",
    ]
    with pytest.raises(FeedbackError, match=r"many: expected a list"):
        unpack(Whole, {"many": {"numbers": 5}})


def test_a_field_without_a_default_is_missed_by_name() -> None:
    later = make_dataclass("Group", [("accounts", NDArray[np.int64]), ("colour", str)], frozen=True)
    with pytest.raises(FeedbackError, match=r"Group\.colour: not in the file"):
        unpack(later, through_json(group()))


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "nowhere"},
        {"accounts": 5},
        {"accounts": {"dtype": "O", "values": [1]}},
        {"accounts": {"dtype": "<i8", "shape": [9], "zstd": "AAAA"}},
        {"accounts": {"dtype": "<i8", "shape": [1 << 40], "zstd": ""}},
        {"source": 7},
        {"exchanges": "many"},
        {"uses": {"workload": 1}},
        {"handovers": [1, 2]},
    ],
)
def test_what_is_damaged_is_refused_and_the_field_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(FeedbackError, match="F-0001"):
        unpack(Group, through_json(group()) | change, "F-0001")


@pytest.mark.parametrize("value", [object(), b"bytes", np.array([object()])])
def test_what_json_cannot_carry_is_not_packed(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be packed"):
        pack(value)
