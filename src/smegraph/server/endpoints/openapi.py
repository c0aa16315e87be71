"""The endpoints that are no FastAPI routes, in the service's OpenAPI 3.1 document.

What is said of them stands in `openapi.yaml`; the formats and the problems are filled in from
their tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml
from fastapi import FastAPI

from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS, ResultFormat
from smegraph.server.http.problems import KINDS, MEDIA_TYPE, TYPES

Json: TypeAlias = dict[str, Any]

_DOCUMENT: Final = Path(__file__).with_suffix(".yaml")
_RESULTS: Final = "application/sparql-results+json"
_PROBLEMS, _WRITABLE = "x-problems", "x-writable"


def describe_endpoints(app: FastAPI, writable: bool) -> None:
    """Add `/sparql` and `/graphs`, with what writes when `writable`, to what `/openapi.json` says.

    Every problem that the service can answer with is added to all operations, those of the
    FastAPI routes too.
    """
    generate = app.openapi

    def openapi() -> Json:
        document = generate()
        if "/sparql" not in document["paths"]:
            _complete(document, writable)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _complete(document: Json, writable: bool) -> None:
    told = _filled(yaml.safe_load(_DOCUMENT.read_text("utf-8")), _values(), writable)
    groups = told[_PROBLEMS]
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].update(_failures(groups["anywhere"]))
    for methods in told["paths"].values():
        for operation in methods.values():
            statuses = [status for name in operation.pop(_PROBLEMS) for status in groups[name]]
            operation["responses"] |= _failures(statuses)
        if "get" in methods:
            methods["head"] = _without_body(methods["get"])
    document["paths"] |= told["paths"]
    components, more = document.setdefault("components", {}), told["components"]
    more["schemas"] = components.get("schemas", {}) | more["schemas"]
    more["responses"] = _problems(more["responses"])
    components |= more


def _filled(node: Any, values: Mapping[str, Any], writable: bool) -> Any:
    """Return a part of the document with its values, and as it is with or without updates."""
    if isinstance(node, dict):
        members = node | node.get(_WRITABLE, {}) if writable else node
        return {
            name: _filled(member, values, writable)
            for name, member in members.items()
            if name != _WRITABLE
        }
    if isinstance(node, list):
        return [_filled(member, values, writable) for member in node]
    return values.get(node, node) if isinstance(node, str) else node


def _values() -> Json:
    """Return what the texts that begin with "$" stand for."""
    results = _content((*TABLE_FORMATS, *GRAPH_FORMATS))
    results[_RESULTS] = {"schema": {"$ref": "#/components/schemas/Results"}}
    uploads: Json = {format.media_type: {"schema": {"type": "string"}} for format in GRAPH_FORMATS}
    files = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
    uploads["multipart/form-data"] = {"schema": files}
    return {
        "$formats": list(FORMATS),
        "$results": results,
        "$graphs": _content(GRAPH_FORMATS),
        "$uploads": uploads,
    }


def _content(formats: Iterable[ResultFormat]) -> Json:
    return {media_type: {"schema": {}} for format in formats for media_type in format.media_types}


def _failures(statuses: Iterable[int]) -> Json:
    return {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in sorted(set(statuses))
    }


def _without_body(operation: Json) -> Json:
    """Return an operation for HEAD, which has every header of GET and no content."""
    responses = {
        status: {"description": told.get("description", "As for GET.")}
        for status, told in operation["responses"].items()
    }
    return operation | {"summary": f"{operation['summary']} Headers only.", "responses": responses}


def _problems(headers: Mapping[str, Json]) -> Json:
    """Return a response for each status that problems have, with the types that go with it."""
    kinds: defaultdict[int, list[str]] = defaultdict(list)
    for kind, (status, _) in KINDS.items():
        kinds[status].append(kind)
    return {
        (name := f"Problem{status}"): _problem(status, found) | headers.get(name, {})
        for status, found in kinds.items()
    }


def _problem(status: int, kinds: Sequence[str]) -> Json:
    types = {"type": {"enum": [TYPES + kind for kind in kinds]}, "status": {"const": status}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": types}]}
    return {
        "description": "; ".join(f"{KINDS[kind][1]} ({kind})" for kind in kinds) + ".",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
