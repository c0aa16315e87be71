"""What is asked, whoever answers it: a query with its dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from smegraph.client.bindings import bind
from smegraph.client.errors import ClientError, WrongForm
from smegraph.client.values import Term
from smegraph.sparql.engine_text import without_mark
from smegraph.sparql.tokens import is_update, tokens

Table: TypeAlias = tuple[tuple[str, ...], list[tuple[Term | None, ...]]]

# What asks each form of query (SPARQL 1.1 Query §16).
_METHODS: Final[Mapping[str, str]] = {
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
}
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})


@dataclass(frozen=True, slots=True)
class Request:
    """A query, the graphs that make its dataset (None: as the query says), and its time in s."""

    text: str
    graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    timeout: float | None = None


def make_request(
    form: str,
    text: str,
    bindings: Mapping[str, object] | None,
    graphs: str | Iterable[str] | None,
    named_graphs: str | Iterable[str] | None,
    timeout: float | None,
) -> Request:
    """Return the request for a query of a form; raises ClientError."""
    text = without_mark(text)
    check_form(text, form)
    bound = bind(text, bindings) if bindings else text
    return Request(bound, _iris("graphs", graphs), _iris("named_graphs", named_graphs), timeout)


def check_form(text: str, form: str) -> None:
    """Raise WrongForm where the text is surely of another form than the one that was called."""
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    found = next((word for word in words if word not in _PROLOGUE), "")
    method = "update" if is_update(text) else _METHODS.get(found)
    if method and method != form.lower():
        raise WrongForm(f"This is {_article(found)} {found}: ask it with .{method}().")


def _article(word: str) -> str:
    return "an" if word[0] in "AI" else "a"


def _iris(name: str, graphs: str | Iterable[str] | None) -> tuple[str, ...] | None:
    """Return the graphs; one may stand alone, and the protocol cannot say that there are none."""
    if graphs is None:
        return None
    found = (str(graphs),) if isinstance(graphs, str) else tuple(map(str, graphs))
    if not found:
        raise ClientError(f"{name} names no graph. Leave it out to ask the usual ones.")
    return found
