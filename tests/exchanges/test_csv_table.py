"""CSV as databases export it."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.exchanges.csv_table import csv_rows, header_of
from stillwatch.exchanges.reader import Rejection
from stillwatch.exchanges.sources import FileSource
from tests.exchanges.makers import write

cells = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(',;"\n'), max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=6), st.sampled_from(",;\t"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_csv_writer_writes_is_read_back(tmp_path, rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["first", "second"])
    writer.writerows(rows)
    items = list(csv_rows(FileSource(write(tmp_path / "a.csv", out.getvalue().encode()))))
    expected = [{k: v for k, v in zip(("first", "second"), row, strict=True) if v} for row in rows]
    assert [item[1] for item in items if not isinstance(item, Rejection)] == expected


def test_lines_are_numbered_past_cells_with_breaks(tmp_path):
    path = write(tmp_path / "a.csv", b'a,b\n"x\ny",1\nz,2\nz,2,3\n')
    items = list(csv_rows(FileSource(path)))
    assert [item.line if isinstance(item, Rejection) else item[0] for item in items] == [2, 4, 5]
    assert "has 3 cells, the header 2" in items[2].reason


def test_another_encoding_is_refused(tmp_path):
    (item,) = csv_rows(FileSource(write(tmp_path / "a.csv", "a,b\n1,2\n".encode("utf-16"))))
    assert "iconv" in item.reason


def test_the_header_is_read_with_its_delimiter():
    assert header_of(b"\xef\xbb\xbfa;b , c;d\n1;2;3\n") == ["a", "b , c", "d"]
    assert header_of(b'"a') in ([], ["a"])
