"""Forms: what each sign shows, by example and against regular expressions that say the same slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.concepts import Form
from tests.intents.makers import read_text, texts_of_any_kind

NAME = rb"[A-Za-z\x80-\xff0-9_\-. ]{1,31}"
LINE = [  # at the first sign of a line: the first that fits
    (Form.HEADING, rb"#"),
    (Form.RULE, rb"---|===|\*\*\*|~~~"),
    (Form.BULLET, rb"[-*] "),
    (Form.NUMBERED, rb"[0-9]+[.)] "),
    (None, rb"[0-9]"),
    (Form.OPTION, rb"\([A-H]\)|[A-H][.)] "),
    (None, rb"\("),
    (None, rb"(?:[A-Za-z\x80-\xff0-9_\-'*]*? ){5}[A-Za-z\x80-\xff0-9_\-'* ]*:"),
    (
        Form.LABEL,
        rb"(?=.)(?!:|\xef\xbc\x9a)(?:(?!\xef\xbc\x9a)[A-Za-z\x80-\xff0-9_\-'* ]){1,47}(?::(?!/)|\xef\xbc\x9a)",
    ),
]
SIGN = [  # at any sign: the first that fits
    (Form.ROLE, rb"<\||\[INS"),
    (Form.TAG, rb"</?" + NAME + rb">"),
    (Form.SQUARE, rb"(?<!\[)\[\["),
    (Form.IMAGE, rb"\[image:"),
    (Form.CALL, rb"\[tool_call:"),
    (Form.SQUARE, rb"\[(?=[A-Z])" + NAME + rb"\]|\xe3\x80\x90"),
    (Form.CURLY, rb"(?<!\{)\{\{"),
    (Form.KEY, rb'"' + NAME + rb'" *:'),
    (Form.FENCE, rb"(?<!`)```"),
    (Form.RANGE, rb"(?<=[0-9])(?:-|\xe2\x80\x93)(?=[0-9])"),
    (Form.QUESTION, rb"\?|\xef\xbc\x9f"),
    (Form.LATEX, rb"\\(?!n)[A-Za-z]"),
    (Form.MARK, rb"\$\$|(?<!%)%%|(?<!\|)\|\||(?<!:)::|(?<!@)@@|(?<!~)~~|(?<!\^)\^\^"),
    (Form.ADDRESS, rb"://"),
    (Form.PATH, rb"(?<=[A-Za-z\x80-\xff])/(?=[A-Za-z\x80-\xff])"),
]


def first_that_fits(patterns: list[tuple[Form | None, bytes]], raw: bytes, at: int) -> Form | None:
    return next((form for form, pattern in patterns if re.compile(pattern, re.DOTALL).match(raw, at)), None)


def of_whole_line(line: bytes) -> Form | None:
    told = line.rstrip(bytes(range(33)))
    if len(told) < 2:
        return None
    if told[-1:] in (b";", b"{", b"}"):
        return Form.CODE
    commas, pipes, spaces = (told[:400].count(sign) for sign in (b",", b"|", b" "))
    return Form.CELLS if pipes >= 3 or (commas >= 2 and spaces < commas) else None


def slow_forms(text: str) -> Iterator[Form]:
    """Yield the forms of a text in order, byte by byte."""
    raw, at, line, fresh = text.encode(), 0, 0, True
    for character in text:
        found = None
        if character == "\n":
            found = of_whole_line(raw[line:at])
            line, fresh = at + 1, True
        elif fresh and character > " ":
            fresh, found = False, first_that_fits(LINE, raw, at)
        sign = character > "\u1fff" or (" " < character < "\x80" and not character.isalnum())
        found = first_that_fits(SIGN, raw, at) if found is None and sign else found
        if found is not None:
            yield found
        at += len(character.encode())
    if line < len(raw) and (found := of_whole_line(raw[line:])) is not None:
        yield found


def forms(text: str) -> list[Form]:
    return [Form(form) for form in read_text(text).forms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("say <b>so</b>", [Form.TAG, Form.TAG]),
        ("a < b * c > d", []),
        ("<thought process>", [Form.TAG]),
        ("<" + "a" * 31 + ">", [Form.TAG]),
        ("<" + "a" * 32 + ">", []),
        ("[[slot]]", [Form.SQUARE]),
        ("【答案】", [Form.SQUARE]),
        ("[NAME] and [name]", [Form.SQUARE]),
        ("Hello {{name}}, hello", [Form.CURLY]),
        ('{"key": 1', [Form.KEY]),
        ('he said "key" twice', []),
        ("# Title\ntext", [Form.HEADING]),
        ("1. one\n2) two\n3.5 three", [Form.NUMBERED, Form.NUMBERED]),
        ("- one\n* two\n-three", [Form.BULLET, Form.BULLET]),
        ("A. one\n(B) two\nI. three\n(b) four", [Form.OPTION, Form.OPTION]),
        ("Final answer: 4", [Form.LABEL]),
        ("结论：好", [Form.LABEL]),
        ("these are far too many words: x", []),
        ("https://example.com", [Form.ADDRESS]),
        ("rate it 1-5 or 1–5", [Form.RANGE, Form.RANGE]),
        ("x\n```\ny\n```", [Form.FENCE, Form.FENCE]),
        ("---\n====\n~~~", [Form.RULE] * 3),
        ("x %% y || z $$ @@", [Form.MARK] * 4),
        (r"x \frac \n", [Form.LATEX]),
        ("[image: a cat]", [Form.IMAGE]),
        ("[tool_call: f]", [Form.CALL]),
        ("see src/main for it", [Form.PATH]),
        ("why? 何？", [Form.QUESTION, Form.QUESTION]),
        ("<|user|> [INST]", [Form.ROLE, Form.ROLE]),
        ("return x;\nif (x) {", [Form.CODE, Form.CODE]),
        ("a,b,c\nx | y | z |", [Form.CELLS, Form.CELLS]),
        ("one, two, and three words", []),
        ("x" * 390 + ",a,b,", [Form.CELLS]),
        ("x" * 400 + ",a,b,", []),
        ("", []),
        ("plain words of nobody", []),
    ],
)
def test_a_sign_shows_its_form(text: str, expected: list[Form]) -> None:
    assert forms(text) == expected


def test_every_form_has_a_text_that_shows_it() -> None:
    shown = (
        'a <b> [[ {{ 1-5 %% \\frac a/b ? <| :// \n"k": 1 ```\n# h\n1. x\n- x\nA. x\nL: x\n---\na;\na,b,c\n'
    )
    shown += "[image:[tool_call:"
    assert set(forms(shown)) == set(Form)


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"[", "[[x", b""),
        (b"1", "-5", b""),
        (b"a", "/b", b""),
        (b"", "a/", b"b"),
        (b"", "1-", b"5"),
        (b"", "<b", b">"),
        (b"", "Answer", b": 4"),
        (b"", "[image", b":"),
        (b"", '"key"', b": 1"),
        (b"", "``", b"`"),
        (b"", "--", b"-"),
        (b"", "what\xef\xbc", b"\x9f"),
        (b"", "ab", b";"),
    ],
)
def test_a_form_that_a_neighbour_would_make_or_mar_is_the_texts_own(
    before: bytes, text: str, after: bytes
) -> None:
    assert read_text(text, before=before, after=after) == read_text(text)


SIGNS = st.lists(
    st.sampled_from(
        [
            *"<>/[]{}|\"'`-–=*~#.,:：;?？\\$%@^_()AHIabn19 \n\t思é【】",
            "   ",
            "[INST",
            "[image:",
            "[tool_call:",
        ]
    ),
    max_size=60,
).map("".join)


@given(st.one_of(SIGNS, texts_of_any_kind(20)))
def test_forms_are_those_of_the_expressions(text: str) -> None:
    assert forms(text) == list(slow_forms(text))


@given(st.one_of(SIGNS.map(str.encode), st.binary(max_size=60)), st.integers(0, 60), st.integers(0, 60))
def test_forms_are_of_the_text_and_not_of_its_neighbours(raw: bytes, start: int, stop: int) -> None:
    """Texts lie side by side in memory, cut anywhere: what stands before and after belongs to others."""
    alone = read_text(raw[start:stop])
    assert read_text(raw[start:stop], before=raw[:start], after=raw[stop:]) == alone
    assert all(form in list(Form) for form in alone.forms)
