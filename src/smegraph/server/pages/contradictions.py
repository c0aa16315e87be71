"""The contradictions, doubts and gaps that the graph notes of the documents: `/contradictions`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from smegraph.namespaces import BASE
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import Kept, ask, load_query, record
from smegraph.server.pages.layout import Layout, respond
from smegraph.server.pages.parameters import page_number, require_page
from smegraph.server.pages.things import Named as Thing
from smegraph.server.pages.things import named as thing

PATH: Final = "/contradictions"
QUERY: Final = load_query("contradictions")
ON_A_PAGE: Final = 50
_FREE: Final = ("q", "page")

_STUDY: Final = BASE + "id/work-"


@record
class Row:
    """A row of the query: a note, and one of the things that it is about."""

    note: str
    study: str
    kind: str
    statement: str
    study_label: str = ""
    kind_label: str = ""
    kind_meaning: str = ""
    first_reading: str = ""
    first_locator: str = ""
    first_start: int | None = None
    first_end: int | None = None
    second_reading: str = ""
    second_locator: str = ""
    second_start: int | None = None
    second_end: int | None = None
    about: str = ""
    about_label: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A study or a kind; the key stands for it in an address."""

    key: str
    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the two readings, and where the document gives rise to it."""

    name: str
    text: str
    locator: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """One contradiction, doubt or gap of a document, as a curator noted it."""

    key: str
    study: Named
    kind: Named
    statement: str
    readings: tuple[Reading, ...]
    about: tuple[Thing, ...]

    def has(self, words: Sequence[str]) -> bool:
        """Whether each of some words, in small letters, stands in what it says or is about."""
        texts = [self.statement, self.study.label, *(one.label for one in self.about)]
        texts += [text for one in self.readings for text in (one.text, one.locator)]
        said = "\n".join(texts).casefold()
        return all(word in said for word in words)


@dataclass(frozen=True, slots=True)
class KindGroup:
    """The notes of a study that are of one kind."""

    kind: Named
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class StudyGroup:
    """The notes of a study by their kinds."""

    study: Named
    kinds: tuple[KindGroup, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows the list down, and how many notes it leaves."""

    label: str
    count: int
    address: str
    is_chosen: bool


def add_contradictions(app: FastAPI, layout: Layout, engine: Engine) -> None:
    """Add the page; it asks the graph once."""
    kept = Kept(lambda: ask_notes(engine))

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def contradictions(request: Request) -> Response:
        notes = await kept.get()
        study, kind = _choice(request.query_params, notes)
        words = request.query_params.get("q", "")
        number = page_number(request.query_params.get("page", "1"))
        values = arrange(notes, study, kind, words, number)
        return respond(await layout.render("contradictions.html", PATH, query=QUERY, **values))


async def ask_notes(engine: Engine) -> list[Note]:
    """Return the notes by study, kind and place; the query gives them in this order."""
    rows = await ask(engine, QUERY, Row)
    return [_note(list(group)) for _, group in groupby(rows, key=lambda row: row.note)]


def _note(rows: Sequence[Row]) -> Note:
    row = rows[0]
    study, kind = row.study.removeprefix(_STUDY), _last(row.kind)
    about = {found.about: found.about_label for found in rows if found.about}
    first = (row.first_reading, row.first_locator, row.first_start, row.first_end)
    second = (row.second_reading, row.second_locator, row.second_start, row.second_end)
    readings = (Reading("One reading", *first), Reading("The other", *second))
    return Note(
        key=_last(row.note),
        study=Named(study, row.study_label or study),
        kind=Named(kind, row.kind_label or kind, row.kind_meaning),
        statement=row.statement,
        readings=tuple(reading for reading in readings if reading.text),
        about=tuple(thing(iri, label or _last(iri)) for iri, label in about.items()),
    )


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def _choice(asked: QueryParams, notes: Sequence[Note]) -> tuple[str | None, str | None]:
    """Return the study and the kind that are asked for; raises HttpProblem for what is unknown."""
    known = {"study": {n.study.key for n in notes}, "kind": {n.kind.key for n in notes}}
    for name in asked:
        if name not in known and name not in _FREE:
            names = [*known, *_FREE]
            detail = f"{name!r} is no parameter; there are {', '.join(names)}."
            raise HttpProblem("unknown-parameter", detail, parameter=name, known=names)
        values = asked.getlist(name)
        if len(values) > 1:
            raise HttpProblem("repeated-parameter", f"There can be one {name!r}.", parameter=name)
        if name in known and values[0] not in known[name]:
            detail = f"No contradiction has the {name} {values[0]!r}."
            raise HttpProblem("not-found", detail, parameter=name, known=sorted(known[name]))
    return asked.get("study"), asked.get("kind")


def arrange(
    notes: Sequence[Note],
    study: str | None = None,
    kind: str | None = None,
    words: str = "",
    page: int = 1,
) -> dict[str, object]:
    """Return what a page shows of the notes of a study, of a kind and with some words, or of all.

    Raises HttpProblem (400) for a page that there is not.
    """
    found = [note for note in notes if note.has(words.casefold().split())]
    in_kind = [note for note in found if kind in (None, note.kind.key)]
    in_study = [note for note in found if study in (None, note.study.key)]
    shown = [note for note in in_kind if study in (None, note.study.key)]
    require_page(page, len(shown), ON_A_PAGE, "notes")
    asked = {"study": study, "kind": kind, "q": words or None}
    start = (page - 1) * ON_A_PAGE
    ways = {}
    if page > 1:
        ways["Previous page"] = _address({**asked, "page": str(page - 1)})
    if start + ON_A_PAGE < len(shown):
        ways["Next page"] = _address({**asked, "page": str(page + 1)})
    studies = _choices("study", [n.study for n in in_kind], study, {**asked, "study": None})
    kinds = _choices("kind", [n.kind for n in in_study], kind, {**asked, "kind": None})
    return {
        "total": len(notes),
        "shown": len(shown),
        "filters": {"study": list(studies), "kind": list(kinds)},
        "groups": list(_groups(shown[start : start + ON_A_PAGE])),
        "words": words,
        "kept": {name: value for name, value in asked.items() if value and name != "q"},
        "pages": ways,
        "number": page,
        "last": max(1, -(-len(shown) // ON_A_PAGE)),
    }


def _choices(
    name: str, found: Sequence[Named], chosen: str | None, other: Mapping[str, str | None]
) -> Iterator[Choice]:
    """Yield a link for all, and one for each study or kind that is found."""
    yield Choice("All", len(found), _address(other), chosen is None)
    labels = {value.key: value.label for value in found}
    for key, label in sorted(labels.items(), key=lambda entry: entry[1].casefold()):
        count = sum(value.key == key for value in found)
        yield Choice(label, count, _address({**other, name: key}), key == chosen)


def _address(choice: Mapping[str, str | None]) -> str:
    wanted = sorted((name, value) for name, value in choice.items() if value is not None)
    return PATH + (f"?{urlencode(wanted)}" if wanted else "")


def _groups(notes: Iterable[Note]) -> Iterator[StudyGroup]:
    for study, of_study in groupby(notes, key=lambda note: note.study):
        kinds = tuple(
            KindGroup(kind, tuple(of_kind))
            for kind, of_kind in groupby(of_study, key=lambda note: note.kind)
        )
        yield StudyGroup(study, kinds, sum(len(group.notes) for group in kinds))
