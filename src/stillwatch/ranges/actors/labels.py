"""What a row truly is: labels, kept once and carried as numbers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """The truth about a row: what the traffic is, the campaign it belongs to, the capability it takes."""

    kind: str
    campaign: str | None = None
    capability: str | None = None


@dataclass
class Labels:
    """All labels of a range, by number."""

    known: list[Label] = field(default_factory=list)
    _number: dict[Label, int] = field(default_factory=dict)

    def number(self, label: Label) -> int:
        """Return the number of a label, the same at every call."""
        if label not in self._number:
            self._number[label] = len(self.known)
            self.known.append(label)
        return self._number[label]
