"""What curators decided about the constructs, as one document to be reviewed.

    python -m tools.curation

It writes `ontology/vocabulary/README.md`: family by family the hierarchy, the poles, what a small
firm wants, and why; then what was merged, and which labels moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from smegraph.namespaces import SKOS, SME
from smegraph.ontology.deprecations import replacements
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.terms import FORMER_NAMES

FILE = Path(__file__).parents[1] / "ontology" / "vocabulary" / "README.md"
_HEAD = """# The constructs, as curators placed them

Written by `python -m tools.curation` from the files beside it; change those, not this.

Each construct has one family and one place in it, and each line is a judgement that somebody of
the field may find wrong: read a family from its top concepts down, and open an issue with the id
of what you would place elsewhere. Indented is what is *a kind of* the construct above it, and
nothing else. `D` is a dimension of, `I` an indicator of, `–` the absence or reverse of another
construct. `+` is wanted by a small firm, `−` unwanted, `o` neither; nothing stands where nobody
has said it yet, which may be so of a construct that is the effect of no finding. The reasons are
the curators' own; the decisions behind them are
[068](../../docs/decisions/068-families-of-constructs.md),
[069](../../docs/decisions/069-poles-and-desirability.md) and
[070](../../docs/decisions/070-labels-and-mentions.md).
"""
_FAMILIES = "scheme-family-"
_MARKS = {"wanted": "+", "unwanted": "−", "neither": "o"}
_REASONS = ("Place", "Pole", "Labels", "Desirability")


# Decision 068: docs/decisions/068-families-of-constructs.md
def review_text(ontology: Ontology) -> str:
    """Return the document in Markdown; the same ontology gives the same text."""
    constructs = _Constructs(ontology)
    parts = [_HEAD, "## In numbers\n", *_numbers(constructs)]
    for scheme in constructs.families:
        parts += [f"\n## {constructs.label(scheme).capitalize()}\n", *_family(constructs, scheme)]
    parts += ["\n## Merged\n", *_merged(constructs), "\n## Labels that moved\n"]
    parts += [
        "A cell that holds one is told the concept that had it, and `smegraph migrate` writes"
    ]
    parts += ["its id. *Opposite* labels named the reverse of the concept.\n", *_moved(constructs)]
    return "\n".join(parts) + "\n"


@dataclass
class _Constructs:
    """The concepts in the schemes of the families."""

    ontology: Ontology
    _labels: dict[str, str] = field(default_factory=dict)

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The concepts of each scheme."""
        found: dict[str, list[str]] = {}
        for quad in self.ontology.store.quads_for_pattern(None, _node("inScheme"), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                found.setdefault(quad.object.value, []).append(quad.subject.value)
        return found

    @property
    def families(self) -> list[str]:
        """The schemes of the families, by label."""
        found = (iri for iri in self.members if local_name(iri).startswith(_FAMILIES))
        return sorted(found, key=self.label)

    def label(self, iri: str) -> str:
        """Return the label of a concept, or the name of a family."""
        if iri not in self._labels:
            label = self.ontology.label(iri)
            self._labels[iri] = label.removeprefix("family: ").removeprefix("obsolete ")
        return self._labels[iri]

    def named(self, iri: str, *predicates: str) -> list[str]:
        """Return the things to which a concept is related."""
        terms = (term for p in predicates for term in self.ontology.objects(iri, p))
        return [term.value for term in terms if isinstance(term, ox.NamedNode)]

    def texts(self, iri: str, *predicates: str) -> list[str]:
        """Return what is said of a concept in words."""
        terms = (term for p in predicates for term in self.ontology.objects(iri, p))
        return sorted(term.value for term in terms if isinstance(term, ox.Literal))

    def desirability(self, iri: str) -> str | None:
        """Return the key of a concept's desirability."""
        return next(map(local_name, self.named(iri, SME + "desirability")), None)

    def below(self, iri: str, scheme: str) -> list[str]:
        """Return what is a kind of a concept."""
        return sorted(
            (c for c in self._narrower.get(iri, ()) if c in self.members[scheme]), key=self.label
        )

    @cached_property
    def _narrower(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for quad in self.ontology.store.quads_for_pattern(None, _node("broader"), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                found.setdefault(quad.object.value, []).append(quad.subject.value)
        return found


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(SKOS + name)


def _numbers(constructs: _Constructs) -> Iterator[str]:
    heads = ("family", "constructs", "tops", "wanted", "unwanted", "neither", "not said", "poles")
    total: Counter[str] = Counter()
    rows = []
    for scheme in constructs.families:
        count = Counter(
            constructs.desirability(iri) or "not said" for iri in constructs.members[scheme]
        )
        count["constructs"] = len(constructs.members[scheme])
        count["tops"] = len(_tops(constructs, scheme))
        count["poles"] = sum(bool(_poles(constructs, iri)) for iri in constructs.members[scheme])
        total += count
        rows.append([constructs.label(scheme), *(str(count[head]) for head in heads[1:])])
    rows.append(["all", *(str(total[head]) for head in heads[1:])])
    yield from _table(heads, rows, numbers=True)
    said = sum(total[key] for key in _MARKS)
    share = 100 * total["neither"] / said if said else 0
    yield f"\nOf {said} constructs with a judgement {total['neither']} are neither ({share:.0f} %)."


def _tops(constructs: _Constructs, scheme: str) -> list[str]:
    found = [
        c
        for c in constructs.members[scheme]
        if scheme in constructs.named(c, SKOS + "topConceptOf")
    ]
    return sorted(found, key=constructs.label)


def _poles(constructs: _Constructs, iri: str) -> list[str]:
    return constructs.named(iri, SME + "negativePoleOf")


def _family(constructs: _Constructs, scheme: str) -> Iterator[str]:
    rows = []
    shown: set[str] = set()

    def walk(iri: str, depth: int) -> None:
        again = iri in shown
        shown.add(iri)
        rows.append(_row(constructs, iri, depth, again=again))
        if not again:
            for child in constructs.below(iri, scheme):
                walk(child, depth + 1)

    for top in _tops(constructs, scheme):
        walk(top, 0)
    yield from _table(("construct", "id", "", "beside", "why"), rows)


def _row(constructs: _Constructs, iri: str, depth: int, *, again: bool) -> list[str]:
    name = "&emsp;" * depth + constructs.label(iri)
    if again:
        return [name, f"`{local_name(iri)}`", "", "see above", ""]
    beside = [
        f"{mark} {constructs.label(other)}"
        for mark, predicate in (("D", "dimensionOf"), ("I", "indicatorOf"), ("–", "negativePoleOf"))
        for other in constructs.named(iri, SME + predicate)
    ]
    notes = [n for n in constructs.texts(iri, SKOS + "editorialNote") if n.startswith(_REASONS)]
    notes += constructs.texts(iri, SKOS + "changeNote")
    mark = _MARKS.get(constructs.desirability(iri) or "", "")
    return [name, f"`{local_name(iri)}`", mark, "; ".join(beside), " ".join(notes)]


def _merged(constructs: _Constructs) -> Iterator[str]:
    rows = [
        [constructs.label(old), f"`{local_name(old)}`", f"`{local_name(new)}`", " ".join(
            constructs.texts(old, SKOS + "changeNote"))]
        for old, new in replacements(constructs.ontology).items()
        if constructs.texts(old, SKOS + "prefLabel")
    ]  # fmt: skip
    yield from _table(("concept", "id", "now", "why"), rows)


def _moved(constructs: _Constructs) -> Iterator[str]:
    kinds = dict(zip(FORMER_NAMES, ("narrower, wider or other", "opposite"), strict=True))
    replaced = replacements(constructs.ontology)
    concepts = {iri for members in constructs.members.values() for iri in members} - replaced.keys()
    rows = [
        [text, f"`{local_name(iri)}`", constructs.label(iri), kind]
        for predicate, kind in kinds.items()
        for iri in concepts
        for text in constructs.texts(iri, predicate)
    ]
    yield from _table(("label", "had by", "which is", "named something"), sorted(rows))


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = False
) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" + ("|--:" if numbers else "|---") * (len(heads) - 1) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


if __name__ == "__main__":
    FILE.write_text(review_text(Ontology.load(FILE.parents[1])), encoding="utf-8")
