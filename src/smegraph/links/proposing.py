"""From a vocabulary to a file of proposals: which things, which prefixes, what is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.links.candidates import SURE, Candidate, suggest
from smegraph.links.known import Known
from smegraph.links.model import MappingSet
from smegraph.links.own import own_terms
from smegraph.links.slots import LEXICAL
from smegraph.links.target import Target
from smegraph.links.writing import FIELDS, proposals, usual_prefixes
from smegraph.namespaces import BASE, PREFIXES, namespace_of
from smegraph.ontology.ontology import Ontology

_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Proposals:
    """Proposals as a file, and a sentence about them.

    Attributes:
        text: the SSSOM file.
        candidates: what is in it.
        terms: how many things of ours were looked at.
        name: the name of the vocabulary's file.
    """

    text: str
    candidates: Sequence[Candidate]
    terms: int
    name: str

    @property
    def summary(self) -> str:
        """How many proposals there are."""
        count = len(self.candidates)
        sure = sum(one.confidence >= SURE for one in self.candidates)
        return (
            f"smegraph: {count} proposal{'' if count == 1 else 's'} for {self.terms} things with "
            f"{self.name}, {sure} of them with a confidence of {SURE} or more."
        )


def propose(
    target: Target,
    ontology: Ontology,
    facts: Iterable[str],
    known: Known,
    sets: Sequence[MappingSet],
    *,
    kind: str,
    language: str = "en",
    prefix: str | None = None,
) -> Proposals:
    """Return proposals for links between things of a kind and a vocabulary.

    Args:
        target: the vocabulary.
        ontology: ours.
        facts: the statements of the sheets in N-Quads or N-Triples lines.
        known: what there is here.
        sets: the links that there are; their pairs are left out, denied ones too.
        kind: what is to be linked (`own_terms`).
        language: that of the labels that are compared.
        prefix: the prefix of the vocabulary; a known one where none is given.

    Raises:
        TargetError: there is no such kind of things.
    """
    terms = own_terms(ontology, facts, known, kind)
    decided = [(link.subject, link.object) for one in sets for link in one.links]
    found = suggest(terms, target, decided, language)
    others = {name: start for one in sets for name, start in one.prefixes.items()}
    others |= _of_target(target, found, {**others, **PREFIXES}, prefix)
    named = prefix or _prefix(found, {**others, **PREFIXES}) or "target"
    iris = {iri for one in found for iri in (one.term.iri, one.object, one.predicate)}
    prefixes = usual_prefixes([*iris, LEXICAL, *FIELDS.values()], others)
    text = proposals(found, _head(kind, named, target.name), prefixes)
    return Proposals(text, found, len(terms), target.name)


def _head(kind: str, prefix: str, name: str) -> dict[str, str]:
    """Return what a file of proposals says of itself, in YAML."""
    return {
        "sssom_version": '"1.0"',
        "mapping_set_id": f"{BASE}mappings/{kind}-{prefix}",
        "mapping_set_title": f"'{kind.capitalize()} and {name.replace(chr(39), '')}'",
        "mapping_set_version": '"1"',
        "license": _LICENSE,
    }


def _of_target(
    target: Target, found: Sequence[Candidate], known: dict[str, str], prefix: str | None
) -> dict[str, str]:
    """Return prefixes for the namespaces of what is proposed that have none."""
    spaces = Counter(namespace_of(one.object.rstrip("/")) for one in found)
    fresh: dict[str, str] = {}
    for number, (space, _) in enumerate(spaces.most_common()):
        if prefix and not number:
            fresh[prefix] = space
        elif space not in known.values():
            fresh[f"{prefix or 'target'}{number or ''}"] = space
    return fresh


def _prefix(found: Sequence[Candidate], known: dict[str, str]) -> str | None:
    """Return the prefix of most of what is proposed."""
    spaces = Counter(namespace_of(one.object.rstrip("/")) for one in found)
    for space, _ in spaces.most_common(1):
        return next((name for name, start in known.items() if start == space), None)
    return None
