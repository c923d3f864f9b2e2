"""Text for simulated traffic: grammars compiled to arrays, run by a kernel that writes into Arrow buffers.

A text is a pure function of a reference (symbol, topic, seed, sample): which rule of which language, what it
is about, which turn of which conversation, which sampling. Texts of one topic speak of the same few nouns and
figures; a prompt and its answer, which share a seed, speak of the same two.
"""

from stillwatch.ranges.text.columns import Answers, Refs, Talk
from stillwatch.ranges.text.corpus import CorpusError
from stillwatch.ranges.text.grammar import GrammarError
from stillwatch.ranges.text.lengths import profile
from stillwatch.ranges.text.scripts import Script
from stillwatch.ranges.text.texts import Texts

__all__ = ["Answers", "CorpusError", "GrammarError", "Refs", "Script", "Talk", "Texts", "profile"]
