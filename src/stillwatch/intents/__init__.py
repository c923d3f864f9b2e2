"""What a request is after: labels with calibrated probabilities, the words that moved them, and whose words they are.

Sets severity and priors; alone it never enforces.
"""

from stillwatch.intents.explain import Explanation, Span, explain
from stillwatch.intents.labels import CAPABILITIES, GENERAL, LABELS, Label
from stillwatch.intents.model import Model, ModelError, load_model, shipped_model
from stillwatch.intents.record import Record, ReplayError, replay
from stillwatch.intents.score import Scores, intents, score

__all__ = [
    "CAPABILITIES",
    "GENERAL",
    "LABELS",
    "Explanation",
    "Label",
    "Model",
    "ModelError",
    "Record",
    "ReplayError",
    "Scores",
    "Span",
    "explain",
    "intents",
    "load_model",
    "replay",
    "score",
    "shipped_model",
]
