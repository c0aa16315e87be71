"""SPARQL Query Results XML Format, read without entities: what is no such document is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from smegraph.client.errors import UnexpectedAnswer

_NAMESPACE: Final = "http://www.w3.org/2005/sparql-results#"
_XML_LANG: Final = "http://www.w3.org/XML/1998/namespace lang"
_DIRECTION: Final = "http://www.w3.org/2005/11/its dir"
_MOST_NESTED: Final = 100

# What may stand in each element (§2); "triple" and its parts are those of SPARQL 1.2.
_TERMS: Final = frozenset({"uri", "bnode", "literal", "triple", "unbound"})
_PARTS: Final = ("subject", "predicate", "object")
_INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"sparql"}),
    "sparql": frozenset({"head", "results", "boolean"}),
    "head": frozenset({"variable", "link"}),
    "results": frozenset({"result"}),
    "result": frozenset({"binding"}),
    "binding": _TERMS,
    "triple": frozenset(_PARTS),
    **dict.fromkeys(_PARTS, _TERMS - {"unbound"}),
}
_TEXTS: Final = frozenset({"uri", "bnode", "literal", "boolean"})


@dataclass(slots=True)
class Document:
    """What a document says, with each term as Query Results JSON Format has it."""

    names: list[str] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    truth: bool | None = None


def read_xml(body: bytes) -> Document:
    """Read a document; raises UnexpectedAnswer for one that is cut short, or is another."""
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError as error:
        raise UnexpectedAnswer(
            f"The answer is no whole XML document: {expat.ErrorString(error.code)}, line "
            f"{error.lineno}, column {error.offset + 1}."
        ) from error
    except (ValueError, LookupError) as error:  # a coding that is unknown here
        raise UnexpectedAnswer(f"The answer is XML that cannot be read: {error}.") from error
    return reader.finished()


class _Reader:
    """Takes the events of the parser; what is open stands in `_open`, the innermost last."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._document = Document()
        self._seen: set[str] = set()
        self._open: list[str] = []
        self._variable = ""
        self._places: list[dict[str, object]] = []  # the row, and the triples that are open
        self._term: dict[str, object] = {}
        self._text: list[str] = []

    def finished(self) -> Document:
        """Return the document once all of it is read."""
        if self._document.truth is None and "results" not in self._seen:
            raise UnexpectedAnswer("The answer is XML with neither results nor a truth value.")
        if self._document.truth is not None and "results" in self._seen:
            raise UnexpectedAnswer("The answer has both results and a truth value.")
        return self._document

    def _fail(self, why: str) -> UnexpectedAnswer:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return UnexpectedAnswer(f"The answer is XML, line {line}, column {column}: {why}.")

    def _refuse_doctype(self, *_: Any) -> None:
        raise self._fail("it declares a document type, which no results of a query do")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        outer = self._open[-1] if self._open else ""
        if namespace != _NAMESPACE or local not in _INSIDE.get(outer, ()):
            place = f"in {outer!r}" if outer else "as the root of results of a query"
            raise self._fail(f"{name!r} cannot stand {place}")
        if len(self._open) >= _MOST_NESTED:
            raise self._fail("triples are nested too deeply")
        self._open.append(local)
        self._text = []
        self._begin(local, attributes)

    def _begin(self, local: str, attributes: dict[str, str]) -> None:
        if local in ("head", "results", "boolean"):
            if local in self._seen:
                raise self._fail(f"{local!r} stands twice")
            self._seen.add(local)
        elif local == "variable":
            self._document.names.append(self._name(attributes))
        elif local == "result":
            self._places = [{}]
        elif local == "binding":
            self._variable = self._name(attributes)
            if self._variable in self._places[0]:
                raise self._fail(f"?{self._variable} stands twice in a row")
        elif local in _TERMS:
            self._begin_term(local, attributes)

    def _name(self, attributes: dict[str, str]) -> str:
        if "name" not in attributes:
            raise self._fail("a name is missing")
        return attributes["name"]

    def _begin_term(self, local: str, attributes: dict[str, str]) -> None:
        self._term = {"type": local}
        for member, attribute in _MEMBERS.items():
            if attribute in attributes:
                self._term[member] = attributes[attribute]
        if local == "triple":
            parts: dict[str, object] = {}
            self._place(self._term | {"value": parts})
            self._places.append(parts)
        elif local != "unbound":
            self._place(self._term)

    def _place(self, term: dict[str, object]) -> None:
        """Put a term where it belongs: into the row, or into the triple around it."""
        slot = self._variable if len(self._places) == 1 else self._open[-2]
        if slot in self._places[-1]:
            raise self._fail(f"{slot!r} has two terms")
        self._places[-1][slot] = term

    def _characters(self, text: str) -> None:
        local = self._open[-1]
        if local in _TEXTS:
            self._text.append(text)
        elif text.strip():
            raise self._fail(f"text cannot stand in {local!r}")

    def _end(self, name: str) -> None:
        local = self._open.pop()
        if local == "boolean":
            self._end_boolean("".join(self._text).strip())
        elif local == "triple":
            self._places.pop()
        elif local == "result":
            self._document.rows.append(self._places[0])
        elif local in _TEXTS:
            self._term["value"] = "".join(self._text)

    def _end_boolean(self, text: str) -> None:
        if text not in ("true", "false"):
            raise self._fail(f"{text[:20]!r} is no truth value")
        self._document.truth = text == "true"


_MEMBERS: Final[Mapping[str, str]] = {
    "xml:lang": _XML_LANG, "datatype": "datatype", "its:dir": _DIRECTION,
}  # fmt: skip
