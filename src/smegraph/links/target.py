"""A vocabulary or ontology of others, as far as links need it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["preferred", "other", "loose"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a thing is called: the text, its language, and how the vocabulary means it."""

    text: str
    role: Role
    language: str = ""


@dataclass
class Target:
    """What a vocabulary holds.

    Attributes:
        name: the name of its file.
        iris: everything that it says something about.
        schemes: the namespaces in which these lie.
        former: what it says is deprecated.
        labels: of each thing that can be linked to what it is called.
        above: of each thing what is broader.
        texts: of each thing its definitions and notes.
        properties: the things that are properties.
    """

    name: str
    iris: set[str] = field(default_factory=set)
    schemes: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)
    labels: dict[str, list[Label]] = field(default_factory=lambda: defaultdict(list))
    above: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    properties: set[str] = field(default_factory=set)
