"""The dataset clause of a query: the graphs that it names with FROM and FROM NAMED."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from smegraph.sparql.meanings import terms_meant
from smegraph.sparql.tokens import Token, could_be_comparison, token_at


@dataclass(frozen=True, slots=True)
class DatasetClause:
    """The IRIs of the graphs that form the default graph, and of the named graphs; each once."""

    default: tuple[str, ...]
    named: tuple[str, ...]


def dataset_clause(
    query: str, prefixes: Mapping[str, str], base: str | None = None
) -> DatasetClause | None:
    """Return the dataset that a query names itself (SPARQL 1.1 Query §13.2), or nothing.

    `prefixes` and `base` are what it may use without declaring it. A malformed query has no
    dataset.

    >>> dataset_clause("SELECT * FROM <http://e/a> FROM NAMED e:b { ?s ?p ?o }", {"e": "http://e/"})
    DatasetClause(default=('http://e/a',), named=('http://e/b',))
    """
    if "from" not in query.lower():
        return None
    reader = _Reader(query, prefixes)
    reader.read_prologue()
    prologue = query[: reader.position]
    if not reader.skip_form():
        return None
    sources = list(reader.read_sources())
    terms = terms_meant([source for _, source in sources], prologue, prefixes, base)
    if not terms:
        return None  # The query itself is malformed likewise, or names none.
    iris = [str(getattr(term, "value", "")) for term in terms]
    graphs = [(named, iri) for (named, _), iri in zip(sources, iris, strict=True)]
    default = dict.fromkeys(iri for named, iri in graphs if not named)
    return DatasetClause(
        tuple(default), tuple(dict.fromkeys(iri for named, iri in graphs if named))
    )


_OPENING: Final = frozenset("({")
_CLOSING: Final = frozenset(")}")


class _Reader:
    """Reads the beginning of a query, as the engine does: its keywords need no space after them."""

    def __init__(self, query: str, prefixes: Mapping[str, str]) -> None:
        self._query = query
        self._prefixes = set(prefixes)
        self.position = 0

    def read_prologue(self) -> None:
        """Go past BASE, PREFIX and VERSION, and remember which prefixes are declared."""
        while True:
            if self._keyword("PREFIX"):
                name = self._take()
                self._prefixes.add(name.text.partition(":")[0] if name else "")
            elif not (self._keyword("BASE") or self._keyword("VERSION")):
                return
            self._take()

    def skip_form(self) -> bool:
        """Go past what stands between the prologue and the dataset clause; say if it can."""
        if self._keyword("SELECT"):
            self._keyword("DISTINCT", "REDUCED")
            self._skip_list(("variable",))
        elif self._keyword("DESCRIBE"):
            self._skip_list(("variable", "iri", "name"))
        elif self._keyword("CONSTRUCT"):
            if self._next_is("{"):
                self._skip_group()
        elif not self._keyword("ASK"):
            return False
        return True

    def read_sources(self) -> Iterator[tuple[bool, str]]:
        """Yield the graphs of the clause as they are written, and whether each is a named one."""
        while self._keyword("FROM"):
            named = not self._at_source() and self._keyword("NAMED")
            if not self._at_source():
                return
            source = self._take()
            assert source is not None  # It was looked at.
            yield named, source.text

    def _skip_list(self, kinds: tuple[str, ...]) -> None:
        """Go past "*", expressions in brackets, and terms of the given kinds."""
        while token := self._look():
            if token.text == "(":
                self._skip_group()
            elif token.text == "*" or (token.kind in kinds and not self._is_clause(token)):
                self.position = token.end
            else:
                return

    def _is_clause(self, token: Token) -> bool:
        """Say whether `FROM:x` begins a clause: it does where "FROM" is no prefix."""
        return token.text[:4].upper() == "FROM" and not self._is_declared(token)

    def _is_declared(self, name: Token) -> bool:
        return name.text.partition(":")[0] in self._prefixes

    def _at_source(self) -> bool:
        """Say whether an IRI or a prefixed name comes next; `NAMED:x` may be one."""
        token = self._look()
        if token is None:
            return False
        return token.kind == "iri" or (token.kind == "name" and self._is_declared(token))

    def _skip_group(self) -> None:
        """Go past the bracket that comes next and all that it holds."""
        depth = 0
        while token := self._look():
            self.position = token.end
            if token.kind == "iri" and could_be_comparison(token.text[1:-1]):
                self.position = token.start + 1
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0:
                return

    def _keyword(self, *words: str) -> bool:
        """Go past one of the words, if it comes next."""
        token = self._look()
        if token is None or token.kind not in ("word", "name"):
            return False
        for word in words:
            if token.text[: len(word)].upper() == word:
                self.position = token.start + len(word)
                return True
        return False

    def _next_is(self, text: str) -> bool:
        token = self._look()
        return token is not None and token.text == text

    def _take(self) -> Token | None:
        token = self._look()
        self.position = token.end if token else len(self._query)
        return token

    def _look(self) -> Token | None:
        return token_at(self._query, self.position)
