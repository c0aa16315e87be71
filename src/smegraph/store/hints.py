"""Hints beside an answer: what a query names and the dataset has not, or has in another way.

The answer is what the specification says; a hint is a sentence for the person who asked. It is
given only where it is sure: each is proved by looking up the terms in the store. A query whose
terms are known costs a look at its words, as what was found harmless is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from itertools import chain, islice
from typing import Final, TypeAlias

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, Store

from smegraph.namespaces import DCTERMS, GRAPH, ID, OWL, RDF, RDFS, SKOS, SME, VOC, shorten
from smegraph.sparql.engine_text import decoded_text
from smegraph.sparql.meanings import terms_meant
from smegraph.sparql.mentions import (
    InLanguage,
    Matched,
    Mention,
    Named,
    is_plain,
    is_whole,
    items,
    mentions,
    split_prologue,
)
from smegraph.sparql.tokens import tokens
from smegraph.store.own_terms import OwnTerms

MOST_HINTS: Final = 5
_LONGEST_QUERY: Final = 64 * 1024  # characters
_LONGEST_SHOWN: Final = 100  # characters of a term
_LONGEST_KEPT: Final = 200
_LONGEST_PROLOGUE: Final = 4096
_MOST_PROLOGUES: Final = 8
_MOST_KEPT: Final = 10_000
_MOST_OBJECTS: Final = 50_000
_MOST_DEPRECATED: Final = 10_000
_TAGS: Final = (
    "SELECT DISTINCT ?l { {SELECT ?o { ?s ?p ?o } LIMIT 20000} "
    "BIND(LANG(?o) AS ?l) FILTER(?l != '') }"
)
_MOST_TAGS: Final = 20
_USUAL_TAGS: Final = ("", "en")
_DEPRECATED: Final = NamedNode(OWL + "deprecated")
_REPLACED_BY: Final = NamedNode(DCTERMS + "isReplacedBy")
_TRUE: Final = Literal(True)
_TYPE: Final = NamedNode(RDF + "type")
_TERMS: Final = (OWL, RDFS, RDF)
_OURS: Final = (SME, VOC, ID, GRAPH, SKOS)
_ONTOLOGY_GRAPH: Final = GRAPH + "ontology"
_KINDS: Final = ("Class", "Property")
_ABSOLUTE: Final = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*)>")
_PLAIN_NAME: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")

_Term: TypeAlias = NamedNode | Literal


class _Tagged(Enum):
    """Which texts of a property are in a language: surely none, surely those of terms, or some."""

    NONE = 0
    TERMS = 1
    SOME = 2


# Decision 063: docs/decisions/063-hints.md
# Decision 071: docs/decisions/071-labels.md
class Hints:
    """Makes the hints for queries to one store, which is not changed meanwhile."""

    def __init__(
        self,
        store: Store,
        *,
        union: bool,
        prefixes: Mapping[str, str],
        base: str | None,
        limit: int,
    ) -> None:
        """Take the store, and what queries need not declare.

        `union` says that its default graph is to be made of all graphs; a store with more than
        `limit` statements is looked at in part.
        """
        self._store, self._union, self._limit = store, union, limit
        self._prefixes, self._base = prefixes, base
        self._clean: dict[str, set[str]] = {}
        self._words: dict[str, set[str]] = {}
        self._prologues: dict[str, set[str]] = {}  # the longest first: the words behind each
        self._kept = 0
        self._known: dict[str, bool] = {}
        self._languages: dict[tuple[str, str, bool], _Tagged] = {}
        self._meant: dict[str, str | None] = {}

    def of(self, query: str) -> tuple[str, ...]:
        """Return the hints for a query that the engine takes, at most `MOST_HINTS`."""
        return () if self.has_none(query) else self._looked_at(query)

    def has_none(self, query: str) -> bool:
        """Say whether there is surely no hint, from what was found of the query's words before.

        An IRI that is new is looked up; this is all that a query pays whose terms are known. A very
        long query is not looked at.
        """
        if len(query) > _LONGEST_QUERY:
            return True
        for prologue, words in self._prologues.items():
            if query.startswith(prologue):
                unseen = set((query[len(prologue) :] if prologue else query).split()) - words
                if all(is_plain(word) or self._is_clean_iri(word) for word in unseen):
                    return True
        return False

    def _is_clean_iri(self, word: str) -> bool:
        """Say whether a word is an IRI for which there is no hint, wherever it stands."""
        term = _absolute(word)
        return (
            term is not None and term.value not in self._replacements and not self._is_unknown(term)
        )

    def prepare(self) -> None:
        """Look at the store now, so that what is found is there for all that share it."""
        _ = self._own, self._tags, self._replacements

    def _looked_at(self, query: str) -> tuple[str, ...]:
        if "\\u" in query or "\\U" in query:
            query = decoded_text(query).text
        declared, start = split_prologue(query)
        asked = _Asked(declared, self._prefixes, self._base)
        doubtful = [item for item in {*items(query, start)} if not self._is_clean(item, asked)]
        if not doubtful:
            self._keep_words(query[:start], query[start:].split(), asked)
            return ()
        named = [*mentions(query, start)]
        both = {asked.term(mention.text) for mention in named if isinstance(mention, Matched)}
        hints = (self._hint(mention, asked, both) for mention in named)
        sentences = dict.fromkeys(hint for hint in hints if hint)
        return (*islice(sentences, MOST_HINTS),)

    # What can be told of an item wherever it stands

    def _is_clean(self, item: str, asked: _Asked) -> bool:
        """Say whether there is no hint for an item, wherever it stands; and keep it if so."""
        clean = self._clean_for(asked.declared)
        if item in clean:
            return True
        terms = _parts(item)
        if terms is None or not self._are_clean([asked.term(text) for text in terms]):
            return False
        if len(item) <= _LONGEST_KEPT:
            clean.add(item)
            self._kept += 1
        return True

    def _keep_words(self, prologue: str, words: Iterable[str], asked: _Asked) -> None:
        """Keep the words that are harmless wherever they stand; numbers would be too many."""
        known = self._words.setdefault(asked.declared, set())
        if prologue not in self._prologues and len(prologue) <= _LONGEST_PROLOGUE:
            others = self._prologues if len(self._prologues) < _MOST_PROLOGUES else {}
            kept = sorted([*others.items(), (prologue, known)], key=lambda pair: -len(pair[0]))
            self._prologues = dict(kept)
        for word in {*words} - known:
            is_short = len(word) <= _LONGEST_KEPT and not word.isdigit()
            if is_short and (is_plain(word) or self._is_clean_word(word, asked)):
                known.add(word)
                self._kept += 1

    def _is_clean_word(self, word: str, asked: _Asked) -> bool:
        return is_whole(word) and all(self._is_clean(item, asked) for item in items(word, 0))

    def _clean_for(self, declared: str) -> set[str]:
        if self._kept >= _MOST_KEPT or len(self._clean) > _LONGEST_KEPT:
            self._clean.clear()
            self._words.clear()
            self._prologues.clear()
            self._known.clear()
            self._kept = 0
        return self._clean.setdefault(declared, {""})

    def _are_clean(self, terms: list[_Term | None]) -> bool:
        verb: NamedNode | None = None
        for term in terms:
            if isinstance(term, NamedNode):
                verb = term
                if self._is_unknown(term) or term.value in self._replacements:
                    return False
            elif term is None or not self._is_clean_text(term, verb):
                return False
        return True

    def _is_clean_text(self, literal: Literal, verb: NamedNode | None) -> bool:
        if verb is not None and self._has(verb, literal):
            return True
        return next(self._others(literal, None), None) is None

    # What can be told of a mention

    def _hint(self, mention: Mention, asked: _Asked, both: Collection[_Term | None]) -> str:
        """Return the hint for a mention, or nothing; `both` are all the texts that are matched."""
        if isinstance(mention, Named):
            term = asked.term(mention.text)
            return self._on_term(mention.text, term) if isinstance(term, NamedNode) else ""
        verb = asked.term(mention.verb) if mention.verb else None
        if mention.verb and not isinstance(verb, NamedNode):
            return ""
        assert not isinstance(verb, Literal)  # It is none of these by now.
        if isinstance(mention, Matched):
            literal = asked.term(mention.text)
            if not isinstance(literal, Literal) or self._has(verb, literal):
                return ""
            others = [*self._others(literal, verb)]
            is_known = not others or any(other in both for other in others)
            return "" if is_known else _on_text(mention, others)
        language = asked.term(mention.language)
        if not isinstance(language, Literal) or verb is None:
            return ""
        if not language.value:
            return self._on_no_language(mention, verb)
        return self._on_language(mention, language.value.lower(), verb, asked)

    def _on_term(self, text: str, term: NamedNode) -> str:
        if term.value in self._replacements:
            names = (_written(iri, text, term.value) for iri in self._replacements[term.value])
            return f"{_shown(text)} is deprecated; use {' or '.join(names)}."
        if not self._is_unknown(term):
            return ""
        if term.value not in self._meant:
            self._meant[term.value] = self._own.meant(term.value)
        meant = self._meant[term.value]
        question = f"; did you mean {_written(meant, text, term.value)}?" if meant else "."
        return f"{_shown(text)} is in no graph{question}"

    def _on_language(
        self, mention: InLanguage, language: str, verb: NamedNode, asked: _Asked
    ) -> str:
        if language == "*":
            return ""
        tagged = self._tagged(verb, language, ranges=mention.ranges)
        shown = _shown(mention.verb), _shown(mention.language)
        if tagged is _Tagged.NONE:
            return f"No {shown[0]} has the language {shown[1]}."
        if tagged is _Tagged.TERMS and _is_about_things(mention, asked):
            return f"{shown[0]} has the language {shown[1]} for classes and properties only."
        return ""

    def _on_no_language(self, mention: InLanguage, verb: NamedNode) -> str:
        is_tagged = not mention.ranges and self._tagged(verb, "", ranges=False) is _Tagged.NONE
        return f"Every {_shown(mention.verb)} has a language." if is_tagged else ""

    def _tagged(self, verb: NamedNode, language: str, *, ranges: bool) -> _Tagged:
        """Say which texts of a property are surely in a language."""
        key = verb.value, language, ranges
        if key not in self._languages:
            quads = self._store.quads_for_pattern(None, verb, None, None)
            found = [*islice(quads, _MOST_OBJECTS)]
            self._languages[key] = _Tagged.SOME
            if len(found) < _MOST_OBJECTS:
                self._languages[key] = self._tagged_of(found, language, ranges=ranges)
        return self._languages[key]

    def _tagged_of(self, quads: Iterable[Quad], language: str, *, ranges: bool) -> _Tagged:
        start = f"{language}-"
        things: set[object] = set()
        texts = 0
        for quad in quads:
            if isinstance(quad.object, Literal):
                texts += 1
                tag = quad.object.language or ""
                if tag == language or (ranges and tag.startswith(start)):
                    things.add(quad.subject)
        if not things:
            return _Tagged.NONE if texts else _Tagged.SOME
        return _Tagged.TERMS if all(map(self._is_term, things)) else _Tagged.SOME

    def _is_term(self, thing: object) -> bool:
        """Say whether a thing is a class or a property."""
        if not isinstance(thing, NamedNode):
            return False
        kinds = self._store.quads_for_pattern(thing, _TYPE, None, None)
        names = (kind.object.value for kind in kinds if isinstance(kind.object, NamedNode))
        return any(name.startswith(_TERMS) and name.endswith(_KINDS) for name in names)

    # What is in the store

    def _is_unknown(self, term: NamedNode) -> bool:
        """Say whether a term is one of the dataset's own namespaces, and in no graph."""
        known = self._known.get(term.value)
        if known is None:
            known = self._is_there(term) or not self._own.namespace(term.value)
            if len(self._known) < _MOST_KEPT:
                self._known[term.value] = known
        return not known

    def _is_there(self, term: NamedNode) -> bool:
        find = self._store.quads_for_pattern
        found = chain.from_iterable(
            find(*pattern)
            for pattern in (
                (term, None, None, None),
                (None, term, None, None),
                (None, None, term, None),
                (None, None, None, term),
            )
        )
        return next(found, None) is not None or self._store.contains_named_graph(term)

    def _has(self, verb: NamedNode | None, text: Literal) -> bool:
        return next(self._store.quads_for_pattern(None, verb, text, None), None) is not None

    def _others(self, literal: Literal, verb: NamedNode | None) -> Iterator[Literal]:
        """Yield the literals of the store with the same text in another language, or in none."""
        if literal.language is None and literal.datatype != _STRING:
            return
        for tag in self._tags[:_MOST_TAGS]:
            if tag != (literal.language or ""):
                other = Literal(literal.value, language=tag) if tag else Literal(literal.value)
                if self._has(verb, other):
                    yield other

    @cached_property
    def _own(self) -> OwnTerms:
        return OwnTerms.of(self._store, self._union, self._limit)

    @cached_property
    def _tags(self) -> tuple[str, ...]:
        """The languages of the dataset's texts, as far as they show in a part of it."""
        found = self._store.query(_TAGS, use_default_graph_as_union=self._union)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        return (*dict.fromkeys((*_USUAL_TAGS, *sorted(row[0].value for row in found))),)

    @cached_property
    def _replacements(self) -> Mapping[str, tuple[str, ...]]:
        """What takes the place of each deprecated term."""
        found: dict[str, dict[str, None]] = {}
        quads = self._store.quads_for_pattern(None, _DEPRECATED, _TRUE, None)
        for quad in islice(quads, _MOST_DEPRECATED):
            for by in self._store.quads_for_pattern(quad.subject, _REPLACED_BY, None, None):
                if isinstance(quad.subject, NamedNode) and isinstance(by.object, NamedNode):
                    found.setdefault(quad.subject.value, {})[by.object.value] = None
        return {term: (*sorted(by),) for term, by in found.items()}


_STRING: Final = Literal("").datatype


class _Asked:
    """What the terms of one query stand for, as the engine itself reads them."""

    def __init__(self, declared: str, prefixes: Mapping[str, str], base: str | None) -> None:
        self.declared, self._prefixes, self._base = declared, prefixes, base
        self._terms: dict[str, _Term | None] = {}

    def term(self, text: str) -> _Term | None:
        """Return the term, or None where the engine takes none here."""
        if text not in self._terms:
            self._terms[text] = self._read(text)
        return self._terms[text]

    def _read(self, text: str) -> _Term | None:
        if text == "a":
            return _TYPE
        if (absolute := _absolute(text)) is not None:
            return absolute
        found = terms_meant([text], self.declared, self._prefixes, self._base)
        term = found[0] if found else None
        return term if isinstance(term, NamedNode | Literal) else None


def _absolute(text: str) -> NamedNode | None:
    """Return the IRI that a text is, if it is one that means itself whatever the base is.

    One with dot segments does not (RFC 3986, section 5.2.2).
    """
    found = _ABSOLUTE.fullmatch(text)
    if found is None or "/." in text:
        return None
    try:
        return NamedNode(found[1])
    except ValueError:
        return None


def _is_about_things(mention: InLanguage, asked: _Asked) -> bool:
    """Say whether a query surely asks for no class and no property.

    It names nothing but what is ours, and no variable stands for a class or a predicate.
    """
    classed = {asked.term(verb) if verb else None for verb in mention.classed}
    if classed & {None, _TYPE}:
        return False
    named = (asked.term(text) for text in mention.named)
    return all(isinstance(term, NamedNode) and _is_ours(term.value) for term in named)


def _is_ours(iri: str) -> bool:
    return iri == _TYPE.value or (iri.startswith(_OURS) and iri != _ONTOLOGY_GRAPH)


def _parts(item: str) -> list[str] | None:
    """Return the terms of an item; None for one that only its place in the query tells about."""
    parts: list[str] = []
    for token in tokens(item):
        if token.kind == "language" and parts:
            parts[-1] += token.text
        elif token.kind in ("name", "iri", "string"):
            parts.append(token.text)
        else:
            return None
    return parts


def _on_text(mention: Matched, others: Iterable[Literal]) -> str:
    there = " and ".join(_shown(str(other)) for other in others)
    if not mention.verb:
        return f"{_shown(mention.text)} is in no graph; the graph has {there}."
    return f"No {_shown(mention.verb)} is {_shown(mention.text)}; the graph has {there}."


def _written(iri: str, like: str, of: str) -> str:
    """Return an IRI as a hint shows it, written as `like`, which stands for `of`, is written."""
    prefix, colon, name = like.partition(":")
    if not like.startswith("<") and colon and of.endswith(name):
        start = of[: len(of) - len(name)]
        if iri.startswith(start) and _PLAIN_NAME.fullmatch(iri[len(start) :]):
            return _shown(f"{prefix}:{iri[len(start) :]}")
    short = f"<{iri}>" if like.startswith("<") else shorten(iri)
    return _shown(short)


def _shown(text: str) -> str:
    """Return a term between the marks of code, in one line; a long one without its middle."""
    plain = " ".join(text.split()).replace("`", "'")
    line = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in plain)
    half = _LONGEST_SHOWN // 2
    return f"`{line if len(line) <= _LONGEST_SHOWN else f'{line[:half]}…{line[-half:]}'}`"
