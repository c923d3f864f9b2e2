"""Writing systems, as small stable numbers, and the ranges of code points that belong to them.

The ranges follow Unicode's blocks (Blocks.txt, Scripts.txt), coarsely: what counts is the dominant script
of a text, not each rare letter. `script` is context for grouping workloads; a language is never evidence.
"""

from __future__ import annotations

from enum import IntEnum


class Script(IntEnum):
    """Values of the columns `script` and `output_script`; never renumber them."""

    NONE = 0  # no letters at all
    OTHER = 1  # letters of a script not listed
    LATIN = 2
    GREEK = 3
    CYRILLIC = 4
    ARMENIAN = 5
    HEBREW = 6
    ARABIC = 7
    DEVANAGARI = 8
    BENGALI = 9
    GURMUKHI = 10
    GUJARATI = 11
    TAMIL = 12
    TELUGU = 13
    KANNADA = 14
    MALAYALAM = 15
    SINHALA = 16
    THAI = 17
    LAO = 18
    TIBETAN = 19
    MYANMAR = 20
    GEORGIAN = 21
    ETHIOPIC = 22
    KHMER = 23
    HANGUL = 24
    KANA = 25  # Hiragana and Katakana
    HAN = 26
    SYMBOLS = 27  # emoji and other symbols that count as tokens


# Scripts written without spaces between words: each character is a token of its own.
UNSPACED = frozenset(
    {Script.THAI, Script.LAO, Script.TIBETAN, Script.MYANMAR, Script.KHMER, Script.KANA, Script.HAN}
)

SCRIPT_COUNT = 32  # size of a table indexed by script

# first, last (inclusive), script; later rows win
RANGES: tuple[tuple[int, int, Script], ...] = (
    (0x0041, 0x024F, Script.LATIN),
    (0x0250, 0x02AF, Script.LATIN),
    (0x1D00, 0x1DBF, Script.LATIN),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x2C60, 0x2C7F, Script.LATIN),
    (0xA720, 0xA7FF, Script.LATIN),
    (0xAB30, 0xAB6F, Script.LATIN),
    (0x0370, 0x03FF, Script.GREEK),
    (0x1F00, 0x1FFF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x1C80, 0x1C8F, Script.CYRILLIC),
    (0x2DE0, 0x2DFF, Script.CYRILLIC),
    (0xA640, 0xA69F, Script.CYRILLIC),
    (0x0530, 0x058F, Script.ARMENIAN),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x0870, 0x08FF, Script.ARABIC),
    (0xFB50, 0xFDFF, Script.ARABIC),
    (0xFE70, 0xFEFE, Script.ARABIC),
    (0x0900, 0x097F, Script.DEVANAGARI),
    (0xA8E0, 0xA8FF, Script.DEVANAGARI),
    (0x0980, 0x09FF, Script.BENGALI),
    (0x0A00, 0x0A7F, Script.GURMUKHI),
    (0x0A80, 0x0AFF, Script.GUJARATI),
    (0x0B80, 0x0BFF, Script.TAMIL),
    (0x0C00, 0x0C7F, Script.TELUGU),
    (0x0C80, 0x0CFF, Script.KANNADA),
    (0x0D00, 0x0D7F, Script.MALAYALAM),
    (0x0D80, 0x0DFF, Script.SINHALA),
    (0x0E00, 0x0E7F, Script.THAI),
    (0x0E80, 0x0EFF, Script.LAO),
    (0x0F00, 0x0FFF, Script.TIBETAN),
    (0x1000, 0x109F, Script.MYANMAR),
    (0xA9E0, 0xA9FF, Script.MYANMAR),
    (0xAA60, 0xAA7F, Script.MYANMAR),
    (0x10A0, 0x10FF, Script.GEORGIAN),
    (0x1C90, 0x1CBF, Script.GEORGIAN),
    (0x2D00, 0x2D2F, Script.GEORGIAN),
    (0x1200, 0x139F, Script.ETHIOPIC),
    (0x2D80, 0x2DDF, Script.ETHIOPIC),
    (0xAB00, 0xAB2F, Script.ETHIOPIC),
    (0x1780, 0x17FF, Script.KHMER),
    (0x19E0, 0x19FF, Script.KHMER),
    (0x1100, 0x11FF, Script.HANGUL),
    (0x3130, 0x318F, Script.HANGUL),
    (0xA960, 0xA97F, Script.HANGUL),
    (0xAC00, 0xD7FF, Script.HANGUL),
    (0x3040, 0x30FF, Script.KANA),
    (0x31F0, 0x31FF, Script.KANA),
    (0x1AFF0, 0x1B16F, Script.KANA),
    (0x2E80, 0x2FDF, Script.HAN),
    (0x3005, 0x3007, Script.HAN),
    (0x3021, 0x3029, Script.HAN),
    (0x3038, 0x303B, Script.HAN),
    (0x3100, 0x312F, Script.HAN),
    (0x31A0, 0x31BF, Script.HAN),
    (0x3400, 0x4DBF, Script.HAN),
    (0x4E00, 0x9FFF, Script.HAN),
    (0xF900, 0xFAFF, Script.HAN),
    (0x20000, 0x323AF, Script.HAN),
)
