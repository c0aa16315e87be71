"""Works of the graph as BibTeX, RIS and CSL-JSON, in the fields that the import reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import pyoxigraph as ox

from smegraph.bibliography.mapping import AUTHORSHIPS, PERSONS, WORKS, Mapping
from smegraph.bibliography.record import Name
from smegraph.ontology.terms import IDENTIFIER, LABEL

_ESCAPES: Final = {
    **{ord(char): f"\\{char}" for char in "%&#$_{}"},
    ord("\\"): r"\textbackslash{}", ord("~"): r"\textasciitilde{}", ord("^"): r"\textasciicircum{}",
    ord("`"): r"\textasciigrave{}", ord("'"): "'",
}  # fmt: skip
_PLAIN: Final = ("doi", "year", "url")  # fields that BibTeX holds as they are
_RUN: Final = re.compile(r"--+|''|[?!](?=`)")
_RANGE: Final = re.compile(r"([^\s-]+)\s*[-\u2013]\s*([^\s-]+)")
_TYPE: Final = {"bibtex": "@type", "ris": "TY", "csl": "type"}
_OTHER: Final = {"bibtex": "misc", "ris": "GEN", "csl": "document"}


class Asked(Protocol):
    """What answers SELECT queries over the graph."""

    def solutions(self, text: str) -> Iterable[ox.QuerySolution]:
        """Return the answer to a SELECT query."""


@dataclass
class Cited:
    """A work: its key, and texts and names by property."""

    key: str
    texts: dict[str, str] = field(default_factory=dict)
    authors: list[Name] = field(default_factory=list)


def cited(asked: Asked, works: Iterable[str], mapping: Mapping) -> list[Cited]:
    """Return what the graph tells of some works, in the order of their keys.

    What is no work is left out. A concept, such as the type of a publication, is its label.
    """
    class_ = mapping.sheets[WORKS].class_
    wanted = {path for fields in mapping.fields.values() for path in fields} | {IDENTIFIER}
    values = " ".join(f"<{iri}>" for iri in sorted(wanted) if " " not in iri)
    rows = asked.solutions(
        f"SELECT DISTINCT ?work ?p ?text {{ ?work a <{class_}> ; ?p ?o . VALUES ?p {{ {values} }}"
        f" OPTIONAL {{ ?o <{LABEL}> ?label }} BIND(STR(COALESCE(?label, ?o)) AS ?text) }}"
        " ORDER BY ?work ?p ?text"
    )
    meant = set(works)
    found: dict[str, Cited] = {}
    for work, path, text in rows:
        if work.value in meant:
            one = found.setdefault(work.value, Cited(work.value.rsplit("/", 1)[-1]))
            one.texts.setdefault(path.value, text.value)
    for work, name in _authors(asked, mapping):
        if work in found:
            found[work].authors.append(name)
    for one in found.values():
        one.key = one.texts.pop(IDENTIFIER, one.key)
    return sorted(found.values(), key=lambda one: one.key)


def _authors(asked: Asked, mapping: Mapping) -> Iterator[tuple[str, Name]]:
    """Yield each work with each of its authors, in their order."""
    of = mapping.link(AUTHORSHIPS, WORKS)
    is_ = mapping.properties
    rows = asked.solutions(
        f"SELECT DISTINCT ?work ?n ?who ?label ?family ?given {{ ?a <{of}> ?work ;"
        f" <{mapping.link(AUTHORSHIPS, PERSONS)}> ?who ; <{is_['Position']}> ?n . ?who <{LABEL}>"
        f" ?label OPTIONAL {{ ?who <{is_['FamilyName']}> ?family }}"
        f" OPTIONAL {{ ?who <{is_['GivenName']}> ?given }} }} ORDER BY ?work ?n ?who"
    )
    seen: set[tuple[str, str]] = set()
    for work, _, who, label, family, given in rows:
        if (work.value, who.value) in seen:
            continue  # two documents list the authors of one work
        seen.add((work.value, who.value))
        if family is None:
            yield work.value, Name(label.value, is_person=False)
        else:
            yield work.value, Name(family.value, given.value if given else "")


def as_text(works: Sequence[Cited], form: str, mapping: Mapping) -> str:
    """Return works in a format by its name: `bibtex`, `ris` or `csl`."""
    writers: dict[str, Callable[[Sequence[_Fields]], str]] = {
        "bibtex": _bibtex, "ris": _ris, "csl": _csl,
    }  # fmt: skip
    return writers[form]([_fields(one, form, mapping) for one in works])


@dataclass
class _Fields:
    """A work in the words of a format."""

    key: str
    kind: str
    texts: dict[str, str]
    names: dict[str, list[Name]]


def _fields(one: Cited, form: str, mapping: Mapping) -> _Fields:
    names = {value: name for name, value in reversed([*mapping.concepts[form].items()])}
    kinds = mapping.fields[form]
    texts: dict[str, str] = {}
    kind = _OTHER[form]
    for path, text in one.texts.items():
        column = next(iter(kinds.get(path, ())), None)
        if column == _TYPE[form]:
            kind = names.get(text, kind)
        elif column is not None:
            texts[column] = text
    author = kinds[mapping.properties["Author"]][0]
    editor = kinds[mapping.properties["Editors"]][0]
    found = {author: one.authors, editor: [_editor(t) for t in _split(texts.pop(editor, ""))]}
    if form == "bibtex" and kind in ("inproceedings", "incollection") and "journal" in texts:
        texts["booktitle"] = texts.pop("journal")
    return _Fields(one.key, kind, texts, {name: who for name, who in found.items() if who})


def _split(editors: str) -> list[str]:
    return [one.strip() for one in re.split(r";| and ", editors) if one.strip()]


def _editor(text: str) -> Name:
    family, _, given = text.partition(", ")
    return Name(family, given) if given else Name(text, is_person=" " in text)


def _bibtex(works: Sequence[_Fields]) -> str:
    return "\n".join(_entry(work) for work in works)


def _entry(work: _Fields) -> str:
    who = {name: " and ".join(map(_person, names)) for name, names in work.names.items()}
    said = {name: _latex(text) for name, text in work.texts.items() if name not in _PLAIN}
    plain = {name: text for name, text in work.texts.items() if name in _PLAIN}
    both = sorted({**who, **said, **plain}.items())
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in both)
    return f"@{work.kind}{{{work.key},\n{lines}}}\n"


def _latex(text: str) -> str:
    """Return a text in LaTeX: what would mean something there stands for itself."""
    return _RUN.sub(lambda run: "{}".join(run[0]) + "{}", text.translate(_ESCAPES))


def _person(name: Name) -> str:
    if not name.is_person or not name.given:
        return f"{{{_latex(name.text)}}}"
    return _latex(name.text)


def _ris(works: Sequence[_Fields]) -> str:
    return "\n".join("".join(f"{tag}  - {text}\n" for tag, text in _tags(work)) for work in works)


def _tags(work: _Fields) -> Iterator[tuple[str, str]]:
    yield "TY", work.kind.upper()
    yield "ID", work.key
    for tag, names in work.names.items():
        yield from ((tag, name.text) for name in names)
    for tag, text in sorted(work.texts.items()):
        pages = _RANGE.fullmatch(text) if tag == "SP" else None
        if pages:
            yield from (("SP", pages[1]), ("EP", pages[2]))
        else:
            yield tag, text
    yield "ER", ""


def _csl(works: Sequence[_Fields]) -> str:
    items = [_item(work) for work in works]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(work: _Fields) -> dict[str, Any]:
    item: dict[str, Any] = {"id": work.key, "type": work.kind}
    for name, names in work.names.items():
        item[name] = [_csl_name(one) for one in names]
    for name, text in sorted(work.texts.items()):
        if name == "issued":
            item[name] = {"date-parts": [[int(text) if text.isdigit() else text]]}
        else:
            item[name] = text
    return item


def _csl_name(name: Name) -> dict[str, str]:
    if not name.is_person:
        return {"literal": name.text}
    return {"family": name.family, **({"given": name.given} if name.given else {})}
