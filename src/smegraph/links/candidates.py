"""Proposals of links: things whose labels are the same but for their form, each with its evidence.

A label index finds them; nothing is compared by likeness, which finds mostly what is wrong. A
person decides on each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.links.labels import Step, key, step, without_qualifier
from smegraph.links.own import Term
from smegraph.links.slots import CLOSE_MATCH, EXACT_MATCH, SAME_AS, SEE_ALSO
from smegraph.links.target import Label, Role, Target

# Decision 077: docs/decisions/077-proposals-of-links.md
SURE: Final = 0.9  # from here on, nine in ten are accepted as they are
_BORNE_OUT: Final = 0.92  # the preferred labels agree, and so does something beside them
# By how each of the two means the label: how many of such pairs turned out exact or close.
_BASE: Final[dict[tuple[Role, Role], float]] = {
    ("preferred", "preferred"): 0.7,
    ("preferred", "other"): 0.5,
    ("other", "preferred"): 0.5,
    ("other", "other"): 0.4,
}
_LOOSE: Final = 0.15  # a former label of ours, or a synonym that is broader, narrower or related
_RIVALS: Final = 0.3  # off, where several of theirs have the label
_BRACKETS: Final = 0.2  # off, where words in brackets were left out
_TELLING: Final = 0.1  # of theirs at most so many stand below what has a word that tells something
_SAMPLE: Final = 5_000  # things of theirs by which that is found
_GENUS: Final = re.compile(r"(?:An?|The) (.+?)(?: (?:that|of|in|which|who|for|by|to)\b|[,.;:])")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_STOP: Final = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "from",
        "that",
        "which",
        "are",
        "not",
        "this",
        "use",
        "where",
        "its",
        "see",
        "has",
        "have",
        "than",
        "other",
        "also",
        "was",
        "one",
        "such",
        "into",
        "their",
        "who",
        "what",
        "how",
        "when",
        "can",
        "may",
        "all",
        "any",
        "more",
        "most",
        "each",
        "being",
        "made",
        "consists",
        "concept",
        "construct",
    ]
)


@dataclass(frozen=True)
class Candidate:
    """A proposal.

    Attributes:
        term: ours.
        object: the IRI of theirs.
        predicate: what is proposed.
        confidence: how many of its like are accepted as they are, from 0 to 1.
        own: the label of ours that is the same.
        other: the label of theirs, which may not be copied into a file.
        step: what had to be changed to make the labels the same.
        reasons: what speaks for it and against it, in words.
    """

    term: Term
    object: str
    predicate: str
    confidence: float
    own: Label
    other: Label
    step: Step
    reasons: tuple[str, ...] = ()


class Index:
    """The labels of a vocabulary, by what those have in common that differ in form only."""

    def __init__(self, target: Target, language: str = "en") -> None:
        """Take the labels in a language and those in none; all where there are none of these."""
        self.target, self._language = target, language
        self._spoken = any(_is_in(x, language) for found in target.labels.values() for x in found)
        self._entries: dict[str, list[tuple[str, Label, bool]]] = defaultdict(list)
        for iri, labels in target.labels.items():
            for label in labels:
                if iri in target.former or not self.speaks(label):
                    continue
                self._entries[key(label.text)].append((iri, label, False))
                if bare := without_qualifier(label.text):
                    self._entries[key(bare)].append((iri, label, True))

    def speaks(self, label: Label) -> bool:
        """Whether a label is in the language that is compared."""
        return not self._spoken or _is_in(label, self._language)

    def find(self, text: str) -> list[tuple[str, Label, bool]]:
        """Return what has a label: its IRI, the label, and whether brackets were left out."""
        return self._entries.get(key(text), [])


def _is_in(label: Label, language: str) -> bool:
    return not label.language or label.language.split("-")[0].casefold() == language


def suggest(
    terms: Sequence[Term],
    target: Target,
    known: Iterable[tuple[str, str]] = (),
    language: str = "en",
) -> list[Candidate]:
    """Return proposals for links of things to a vocabulary, the surest first.

    Args:
        terms: ours.
        target: theirs.
        known: pairs that somebody has decided on, which are not proposed again.
        language: that of the labels that are compared.
    """
    index, decided = Index(target, language), set(known)
    names = _Names(terms, target, index)
    found = [
        candidate
        for term in terms
        for candidate in _of(term, index, names)
        if (term.iri, candidate.object) not in decided
    ]
    return sorted(found, key=lambda one: (-one.confidence, one.term.iri, one.object))


class _Names:
    """The words by which what stands above a thing is called, in ours and in theirs."""

    def __init__(self, terms: Sequence[Term], target: Target, index: Index) -> None:
        self._own = {term.iri: term for term in terms}
        self._target, self._index = target, index
        some = sorted(target.labels)[:: max(1, len(target.labels) // _SAMPLE)]
        counts = Counter(word for iri in some for word in self._above_other(iri))
        most = max(1, _TELLING * len(some))
        self._common = {word for word, count in counts.items() if count > most}

    def telling(self, term: Term, iri: str, label: str) -> list[str]:
        """Return words that stand above both, are not in the label, and tell something."""
        shared = self._above_own(term) & self._above_other(iri)
        return sorted(shared - _words([label]) - self._common)

    def _above_own(self, term: Term) -> set[str]:
        """Return the words for what is broader than ours, and for the genus of its definition."""
        above = _closure(term.iri, lambda iri: self._own[iri].above if iri in self._own else ())
        labels = [
            label.text for iri in above if iri in self._own for label in self._own[iri].labels
        ]
        return _words([*labels, *(m[1] for text in term.texts if (m := _GENUS.match(text)))])

    def _above_other(self, iri: str) -> set[str]:
        above = _closure(iri, lambda one: self._target.above.get(one, ()))
        return _words(
            label.text
            for one in above
            for label in self._target.labels.get(one, ())
            if self._index.speaks(label)
        )


def _closure(iri: str, up: Callable[[str], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    todo = [iri]
    while todo:
        for one in up(todo.pop()):
            if one not in found:
                found.add(one)
                todo.append(one)
    return found - {iri}


def _words(texts: Iterable[str]) -> set[str]:
    found = {word for text in texts for word in _WORD.findall(text.casefold())}
    return {key(word) for word in found - _STOP}


def _of(term: Term, index: Index, names: _Names) -> list[Candidate]:
    """Return the proposals for one thing, the best for each of theirs."""
    best: dict[str, Candidate] = {}
    for own in term.labels:
        matches = index.find(own.text)
        for iri, other, is_bare in matches:
            if (term.kind == "property") != (iri in index.target.properties):
                continue
            rivals = len({found for found, label, _ in matches if label.role == other.role}) - 1
            one = _weigh(term, own, iri, other, is_bare, rivals, names)
            if iri not in best or one.confidence > best[iri].confidence:
                best[iri] = one
    return list(best.values())


def _weigh(
    term: Term, own: Label, iri: str, other: Label, is_bare: bool, rivals: int, names: _Names
) -> Candidate:
    """Return a proposal with what speaks for it and against it."""
    how: Step = "qualifier" if is_bare else step(own.text, other.text)
    loose = "loose" in (own.role, other.role)
    confidence = _LOOSE if loose else _BASE[own.role, other.role]
    reasons = [f"{own.role} label of ours is {other.role} label of theirs", how]
    telling = names.telling(term, iri, own.text)
    if telling:
        reasons.append(f"above both: {', '.join(telling)}")
    if is_bare:
        confidence -= _BRACKETS
    if rivals:
        confidence -= _RIVALS
        reasons.append(f"{rivals} other{'s' * (rivals > 1)} of theirs with that label")
    is_one_word = " " not in key(own.text)  # which means many things
    agree = own.role == other.role == "preferred" and not is_bare and not rivals
    if agree and telling and not is_one_word:
        confidence = _BORNE_OUT
    exact, close = (SAME_AS, SEE_ALSO) if term.kind == "thing" else (EXACT_MATCH, CLOSE_MATCH)
    predicate = exact if confidence >= SURE else close
    confidence = round(max(confidence, 0.05), 2)
    return Candidate(term, iri, predicate, confidence, own, other, how, tuple(reasons))
