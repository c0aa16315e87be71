"""What an export's address asks for: the options of `smegraph export`, as parameters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from smegraph.export.formats import FORMATS, Compression, ExportFormat
from smegraph.export.job import Scope
from smegraph.server.endpoints.parameters import Pairs
from smegraph.server.http.negotiation import parse_accept
from smegraph.server.http.problems import HttpProblem
from smegraph.sparql.tokens import is_deterministic, tokens
from smegraph.suggest import did_you_mean

_NAMED: Final[Mapping[str, Scope]] = {
    "study": "study", "graph": "graph", "about": "about", "query": "query", "class": "class",
    "as": "as",
}  # fmt: skip
_FLAGS: Final[Mapping[str, Scope]] = {"ontology": "ontology", "vocabulary": "vocabulary"}
_SWITCHES: Final = ("no-header", "metadata")
_OTHERS: Final = ("format", "compress")
PARAMETERS: Final = (*_NAMED, *_FLAGS, *_OTHERS, *_SWITCHES)
_COMPRESSIONS: Final[tuple[Compression, ...]] = get_args(Compression)
_YES: Final = frozenset({"", "1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off"})
_SHEETS: Final = "sheets"
_METADATA: Final = "application/csvm+json"
_PACKED: Final[Mapping[Compression, tuple[str, str]]] = {
    "gzip": (".gz", "application/gzip"), "zstd": (".zst", "application/zstd"),
}  # fmt: skip
_TEXTS: Final = ("text/", "application/trig", "application/x-bibtex", "application/x-research")
_QUERY_FORMS: Final = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
_LONGEST_NAME: Final = 60  # characters


@dataclass(frozen=True)
class Wanted:
    """An export as its address names it.

    Attributes:
        scope: what is taken.
        value: the study, graph, concept, class or vocabulary by name, or the text of a query.
        form: the format.
        compress: how the file is packed that is had.
        header: whether the file says what it is.
        metadata: whether the CSVW metadata of the table are wanted in place of it.
    """

    scope: Scope
    value: str
    form: ExportFormat
    compress: Compression = "none"
    header: bool = True
    metadata: bool = False

    @property
    def name(self) -> bytes:
        """What it is called in entity tags."""
        told = repr((self.scope, self.value, self.form.name, self.compress, self.header,
                     self.metadata)).encode()  # fmt: skip
        return hashlib.blake2b(told, digest_size=9).hexdigest().encode()

    @property
    def is_repeatable(self) -> bool:
        """Whether the same data give the same export."""
        return self.scope != "query" or is_deterministic(self.value)

    @property
    def file_name(self) -> str:
        """What the file is called by who saves it."""
        stem = re.sub(r"[^A-Za-z0-9.]+", "-", self.value.rpartition("/")[2]).strip("-.")
        if self.scope == "query":
            stem = f"query-{hashlib.sha256(self.value.encode()).hexdigest()[:8]}"
        stem = stem[:_LONGEST_NAME] or self.scope
        name = f"smegraph-{stem}" if self.scope != "whole" else "smegraph"
        if self.metadata:
            return f"{name}{self.form.endings[0]}-metadata.json"
        packed = _PACKED[self.compress][0] if self.compress in _PACKED else ""
        return name + self.form.endings[0] + packed

    @property
    def content_type(self) -> str:
        """The Content-Type of the file."""
        if self.metadata:
            return _METADATA
        if self.compress in _PACKED:
            return _PACKED[self.compress][1]
        found = self.form.media_type
        return f"{found}; charset=utf-8" if found.startswith(_TEXTS) else found


def wanted(pairs: Pairs, accept: str = "") -> Wanted:
    """Return what the parameters of an address ask for; without a scope, it is all of the graph.

    Without `format`, a format that `accept` (a header field) names decides, then the usual one.

    Raises HttpProblem (400) that names the parameter and what would be right.
    """
    given = _given(pairs)
    scope, value = _scope(given)
    metadata, bare = (_is_on(given, name) for name in ("metadata", "no-header"))
    found = Wanted(
        scope, value, _format(given, scope, value, accept), _compression(given), not bare, metadata
    )
    if metadata and found.form.name != "csv":
        raise _invalid("metadata", f"Metadata stand beside csv, and this is {found.form.name}.")
    return found


def _given(pairs: Pairs) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            near = did_you_mean(name, PARAMETERS, f"There are {', '.join(PARAMETERS)}.")
            detail = f"{name!r} is no parameter. {near}"
            raise HttpProblem("unknown-parameter", detail, parameter=name, known=[*PARAMETERS])
        if name in given:
            raise HttpProblem("repeated-parameter", f"There can be one {name!r}.", parameter=name)
        given[name] = value.strip()
    return given


def _scope(given: Mapping[str, str]) -> tuple[Scope, str]:
    """Return what is taken, and its name."""
    scopes = [name for name in given if name in _NAMED or (name in _FLAGS and _is_on(given, name))]
    if len(scopes) > 1:
        detail = f"{' and '.join(scopes)} do not go together; take one of them."
        raise HttpProblem("conflicting-parameters", detail, parameter=scopes[1])
    if not scopes:
        return "whole", ""
    name = scopes[0]
    if name in _FLAGS:
        return _FLAGS[name], ""
    if not given[name]:
        raise _invalid(name, f"{name!r} is empty; without it, all of the graph is exported.")
    return _NAMED[name], given[name]


def _is_on(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name)
    if value is None or value.lower() in _NO:
        return False
    if value.lower() not in _YES:
        raise _invalid(name, f"{name!r} is on (1) or off (0), or has no value, which is on.")
    return True


def _format(given: Mapping[str, str], scope: Scope, value: str, accept: str) -> ExportFormat:
    name = given.get("format")
    if name == _SHEETS:
        study = value if scope == "study" else "KEY"
        detail = (
            "Sheets are files in a folder, which a service cannot send. "
            f"`smegraph export --study {study} --format sheets -o FOLDER` writes them."
        )
        raise _invalid("format", detail)
    if name in FORMATS:
        return FORMATS[name]
    if name:
        near = did_you_mean(name, FORMATS, f"There are {', '.join(FORMATS)}.")
        detail = f"{name!r} is no format. {near}"
        raise HttpProblem("unknown-format", detail, parameter="format", offered=[*FORMATS])
    return _accepted(accept) or FORMATS[_usual(scope, value)]


def _accepted(accept: str) -> ExportFormat | None:
    """Return the format that a header names in full, the best of several."""
    named = {found.media_type: found for found in reversed(FORMATS.values())}  # the first counts
    ranges = sorted(parse_accept(accept), key=lambda found: -found.quality)
    types = (f"{found.type}/{found.subtype}" for found in ranges if found.quality)
    return next((named[one] for one in types if one in named), None)


def _usual(scope: Scope, value: str) -> str:
    return "csv" if scope == "class" or (scope == "query" and _is_select(value)) else "turtle"


def _is_select(query: str) -> bool:
    words = (one.text.upper() for one in tokens(query) if one.kind == "word")
    return next((one for one in words if one in _QUERY_FORMS), "") == "SELECT"


def _compression(given: Mapping[str, str]) -> Compression:
    name = given.get("compress") or "none"
    for known in _COMPRESSIONS:
        if name == known:
            return known
    raise _invalid("compress", f"{name!r} is none of {', '.join(_COMPRESSIONS)}.")


def _invalid(name: str, detail: str) -> HttpProblem:
    return HttpProblem("invalid-parameter", detail, parameter=name)


# What the messages of an export call by the names that options have for the command.
_OPTIONS: Final = (
    (re.compile(r"--query FILE, -e\b"), "query"),
    (re.compile(r"-e '([^']*)'"), r"query=\1"),
    (re.compile(r"\(-e\)"), "(query)"),
    (re.compile(r"--([a-z]+) ([A-Z]\w*)"), r"\1=\2"),
    (re.compile(r"--([a-z]+)"), r"\1"),
)


def as_parameters(message: str) -> str:
    """Return a message in which parameters stand in the place of the command's options.

    >>> as_parameters("It holds an ontology: --ontology. A class is a table (--class Firm).")
    'It holds an ontology: ontology. A class is a table (class=Firm).'
    """
    for pattern, replacement in _OPTIONS:
        message = pattern.sub(replacement, message)
    return message
