"""Reviewed proposals come into the files of links, and nothing that is there is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smegraph.errors import Problem
from smegraph.links.errors import refuse_errors
from smegraph.links.folder import FOLDER, OWN
from smegraph.links.model import Link, MappingSet
from smegraph.links.slots import COLUMNS, CURIE_MAP, METADATA, OBJECT, PREDICATE, REVIEWERS, SUBJECT
from smegraph.links.sssom import ENDING
from smegraph.links.writing import rewritten, table

_HEAD: Final = (
    "sssom_version", "mapping_set_id", "mapping_set_title", "mapping_set_description",
    "mapping_set_version", "license", "mapping_date", "object_source", "object_source_version",
)  # fmt: skip


@dataclass
class Acceptance:
    """What becomes of reviewed rows.

    Attributes:
        path: the file that they come into.
        text: what it will hold.
        new: the rows that come in.
        denied: those among them that somebody denied, so that they are not proposed again.
        there: the rows that are there already.
        unreviewed: how many rows nobody has reviewed; they stay out.
    """

    path: Path
    text: str = ""
    new: list[Link] = field(default_factory=list)
    denied: list[Link] = field(default_factory=list)
    there: list[Link] = field(default_factory=list)
    unreviewed: int = 0

    def summary(self, *, dry_run: bool = False) -> list[str]:
        """Return in sentences what comes in and what does not."""
        rows = "row" if len(self.new) == 1 else "rows"
        would = "would come" if dry_run else "came"
        lines = [f"{self.path}: {len(self.new)} {rows} {would} in."]
        if self.denied:
            lines.append(f"{len(self.denied)} of them deny a link, so that none is proposed again.")
        if self.there:
            lines.append(f"{len(self.there)} were there already.")
        if self.unreviewed:
            lines.append(f"{self.unreviewed} name no reviewer and stay out.")
        return lines


def accept(
    reviewed: MappingSet, sets: Sequence[MappingSet], ontology: Path, data: Path, *, own: bool
) -> Acceptance:
    """Return what becomes of the reviewed rows of a file; nothing is written.

    A row is reviewed when it names its reviewer. It comes into the file with the same
    `mapping_set_id`, or into a new one.

    Args:
        reviewed: the file of a person.
        sets: the files of links that there are.
        ontology: the folder of the ontology.
        data: the folder of the data.
        own: whether a new file belongs to the data; else it belongs to the ontology.

    Raises:
        LinkError: the file has errors, or a row says of a pair what a row that is there does not.
    """
    refuse_errors(reviewed.problems)
    target = next((one for one in sets if one.iri == reviewed.iri), None)
    name = reviewed.iri.rstrip("/").rsplit("/", 1)[-1]
    folder = data / OWN if own else ontology / FOLDER
    done = Acceptance(target.path if target else folder / (name + ENDING))
    if target is not None and not target.path.name.endswith(ENDING):
        refuse_errors([_other_format(target, reviewed)])
    _sort_out(done, reviewed, [link for one in sets for link in one.links])
    there = target.links if target else []
    prefixes = _prefixes(reviewed, done.new)
    refuse_errors(_other_meanings(reviewed, prefixes, target))
    rows = sorted((link.cells for link in (*there, *done.new)), key=_order)
    done.text = _text(target, reviewed, rows, prefixes)
    return done


def _prefixes(reviewed: MappingSet, links: Iterable[Link]) -> dict[str, str]:
    """Return the prefixes that the cells of rows need."""
    used = {
        part.partition(":")[0]
        for link in links
        for name, cell in link.cells.items()
        if COLUMNS.get(name) in ("curie", "curies")
        for part in cell.split("|")
    }
    return {prefix: start for prefix, start in reviewed.prefixes.items() if prefix in used}


def _other_meanings(
    reviewed: MappingSet, prefixes: Mapping[str, str], target: MappingSet | None
) -> Iterator[Problem]:
    for prefix, start in prefixes.items():
        there = target.prefixes.get(prefix, start) if target else start
        if there != start:
            message = f'"{prefix}" stands for {start}; where the rows come it stands for {there}.'
            remedy = "Take another prefix for it."
            yield Problem(reviewed.shown, None, CURIE_MAP, "prefix", message, prefix, remedy)


def _sort_out(done: Acceptance, reviewed: MappingSet, links: Iterable[Link]) -> None:
    """Tell the rows that come in from those that are there and those that nobody reviewed."""
    here = {(link.subject, link.object, link.is_denied): link for link in links if link.is_whole}
    clashes: list[Problem] = []
    for link in reviewed.links:
        if not any(link.cells.get(name) for name in REVIEWERS):
            done.unreviewed += 1
            continue
        known = here.get((link.subject, link.object, link.is_denied))
        if known is None:
            done.new.append(link)
            if link.is_denied:
                done.denied.append(link)
        elif known.predicate == link.predicate:
            done.there.append(link)
        else:
            clashes.append(_clash(reviewed, link, known))
    refuse_errors(clashes)


def _clash(reviewed: MappingSet, link: Link, known: Link) -> Problem:
    word = known.cells.get(PREDICATE, known.predicate)
    message = f"The pair is linked already, by {word}."
    remedy = "Change the row that is there, or take this one out."
    value = link.cells.get(PREDICATE)
    return Problem(reviewed.shown, link.row, PREDICATE, "other-predicate", message, value, remedy)


def _other_format(target: MappingSet, reviewed: MappingSet) -> Problem:
    message = f"{target.shown} has this mapping_set_id, and is no SSSOM."
    remedy = "Give the reviewed file an identifier of its own."
    place = (reviewed.places.get("mapping_set_id"), "mapping_set_id", "other-format", message)
    return Problem(reviewed.shown, *place, reviewed.iri, remedy)


def _order(cells: Mapping[str, str]) -> tuple[str, ...]:
    return (cells[SUBJECT], cells[PREDICATE], cells[OBJECT])


def _text(
    target: MappingSet | None,
    reviewed: MappingSet,
    rows: Sequence[Mapping[str, str]],
    prefixes: Mapping[str, str],
) -> str:
    if target is not None:
        return rewritten(target, target.path.read_text("utf-8"), rows, prefixes)
    head = [
        f'# {name}: "{value}"' for name in _HEAD for value in reviewed.metadata.get(name, ())[:1]
    ]
    of_head = {
        value.partition(":")[0]
        for name in _HEAD
        if METADATA[name] == "curie"
        for value in reviewed.metadata.get(name, ())
    }
    needed = {**prefixes, **{p: i for p, i in reviewed.prefixes.items() if p in of_head}}
    used = [f"#   {prefix}: {needed[prefix]}" for prefix in sorted(needed)]
    columns = [name for name in reviewed.columns if any(row.get(name) for row in rows)]
    return "\n".join([*head, f"# {CURIE_MAP}:", *used]) + "\n" + table(columns, rows)
