"""Describe the endpoints that are no FastAPI routes in the service's OpenAPI 3.1 document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from fastapi import FastAPI

from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS, ResultFormat
from smegraph.server.http.problems import KINDS, MEDIA_TYPE, TYPES

Json: TypeAlias = dict[str, Any]

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_MULTIPART: Final = "multipart/form-data"
_RESULTS: Final = "application/sparql-results+json"

_TEXT: Final[Json] = {"type": "string"}
_IRIS: Final[Json] = {"type": "array", "items": {"type": "string", "format": "iri"}}
_SECONDS: Final[Json] = {"type": "number", "exclusiveMinimum": 0}

# Name, schema, and what a person is told of each parameter of an operation.
_DATASET: Final = (
    ("default-graph-uri", _IRIS, "A graph of the default graph; it may stand more than once."),
    ("named-graph-uri", _IRIS, "A named graph; it may stand more than once."),
)
_TIMEOUT: Final = ("timeout", _SECONDS, "Seconds that the work may take.")
_ASKED: Final = (
    *_DATASET,
    ("format", {"type": "string", "enum": list(FORMATS)}, "Outweighs the Accept header."),
    _TIMEOUT,
)
_CHANGED: Final = (
    ("using-graph-uri", _IRIS, "A graph of the default graph; it may stand more than once."),
    ("using-named-graph-uri", _IRIS, "A named graph; it may stand more than once."),
    _TIMEOUT,
)
_QUERY_TEXT: Final = ("query", _TEXT, "A query of SPARQL 1.1.")
_UPDATE_TEXT: Final = ("update", _TEXT, "An update of SPARQL 1.1.")
_TARGET: Final = (
    ("default", {"type": "string", "maxLength": 0}, "The default graph; without a value."),
    ("graph", {"type": "string", "format": "iri"}, "The IRI of a named graph."),
)

# What can go wrong: at any address; with a query; with a body; with a token; with a graph.
_ANYWHERE: Final = (400, 405, 414, 429, 431, 500, 503)
_ASKING: Final = (403, 406, 412, 504, 507)
_SENDING: Final = (408, 413, 415, 501)
_PERMITTED: Final = (401, 403)
_CHANGING: Final = (412, 504, 507)

_SUCCESSES: Final[Mapping[int, str]] = {
    201: "There was no such graph, and now there is.",
    204: "Done; there is nothing to be sent.",
    303: "The page for people.",
    304: "What the client has is what there is.",
}
_HEADERS: Final[Mapping[str, str]] = {
    "ETag": "Changes with the data and the request.",
    "Vary": "What the answer depends on besides the address.",
    "X-Cache": "hit, miss, shared or bypass.",
    "Age": "Seconds since the answer was computed.",
}
_FAILURE_HEADERS: Final[Mapping[int, tuple[str, str]]] = {
    401: ("WWW-Authenticate", "Bearer"),
    405: ("Allow", "The methods that would do."),
    429: ("Retry-After", "Seconds to wait."),
    503: ("Retry-After", "Seconds to wait."),
}


def describe_endpoints(app: FastAPI, writable: bool) -> None:
    """Add `/sparql`, and when `writable` `/graphs`, to what `/openapi.json` says.

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
    paths = document["paths"]
    for path in paths.values():
        for operation in path.values():
            operation["responses"].update(_failures(_ANYWHERE))
    _amend(paths)
    paths["/sparql"] = _sparql(writable)
    if writable:
        paths |= _graph_store()
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_schemas())
    components["responses"] = _problems()
    components["headers"] = {name: _header(text) for name, text in _HEADERS.items()}
    if writable:
        bearer = {"type": "http", "scheme": "bearer", "description": "From `smegraph token`."}
        components["securitySchemes"] = {"token": bearer}


def _amend(paths: Json) -> None:
    """Tell of `/metrics` what FastAPI cannot know: the media types of its answer."""
    if "/metrics" in paths:
        types = ("text/plain", "application/openmetrics-text")
        paths["/metrics"]["get"]["responses"]["200"]["content"] = {
            media_type: {"schema": _TEXT} for media_type in types
        }


# ------------------------------------------------------------------------------------ /sparql


def _sparql(writable: bool) -> Json:
    """SPARQL 1.1 Protocol §2, and Service Description §2."""
    get = _operation(
        "Answer a query, or describe the service when there is none.",
        [_parameter(*told) for told in (_QUERY_TEXT, *_ASKED)],
        _answers((*TABLE_FORMATS, *GRAPH_FORMATS), 303, 304),
        (*_ANYWHERE, *_ASKING),
    )
    address = (*_ASKED, *(_CHANGED[:-1] if writable else ()))
    post = _operation(
        "Answer a query" + (", or carry out an update." if writable else "."),
        [_parameter(*told) for told in address],
        _answers((*TABLE_FORMATS, *GRAPH_FORMATS), *((204,) if writable else ())),
        (*_ANYWHERE, *_ASKING, *_SENDING, *(_PERMITTED if writable else ())),
        body=_posted(writable),
    )
    if writable:
        post["security"] = [{}, {"token": []}]
    return {"get": get, "head": _without_body(get), "post": post, "options": _options()}


def _posted(writable: bool) -> Json:
    """What a POST carries (§2.1.2, §2.1.3, §2.2.1, §2.2.2)."""
    forms = [_form("query", (_QUERY_TEXT, *_ASKED))]
    content = {_QUERY: {"schema": _TEXT}}
    if writable:
        forms.append(_form("update", (_UPDATE_TEXT, *_CHANGED)))
        content[_UPDATE] = {"schema": _TEXT}
    content[_FORM] = {"schema": {"oneOf": forms} if writable else forms[0]}
    return {"required": True, "content": content}


def _form(required: str, fields: Iterable[tuple[str, Json, str]]) -> Json:
    return {
        "type": "object",
        "required": [required],
        "properties": {name: schema | {"description": told} for name, schema, told in fields},
        "additionalProperties": False,
    }


# ------------------------------------------------------------------------------------ /graphs


def _graph_store() -> Json:
    """SPARQL 1.1 Graph Store HTTP Protocol §4, §5: by parameter, and by address."""
    graph = {"name": "graph", "in": "path", "required": True, "schema": _TEXT,
             "description": "The rest of the graph's IRI."}  # fmt: skip
    named = [_parameter(*told) for told in _TARGET]
    return {"/graphs": _graph_methods(named), "/graphs/{graph}": _graph_methods([graph])}


def _graph_methods(parameters: list[Json]) -> Json:
    reading = (*_ANYWHERE, *_PERMITTED, 404, 406, *_CHANGING)
    writing = (*_ANYWHERE, *_PERMITTED, *_SENDING, *_CHANGING)
    get = _operation("Send a graph.", parameters, _answers(GRAPH_FORMATS, 304), reading)
    done = {"200": {"description": "Done."}}
    methods = {
        "get": get,
        "head": _without_body(get),
        "put": _operation("Put a graph in the place of another.", parameters,
                          _successes(201, 204), writing, body=_graphs()),
        "post": _operation("Add to a graph, or make a new one.", parameters,
                           done | _successes(201, 204), writing, body=_graphs()),
        "delete": _operation("Remove a graph.", parameters, done,
                             (*_ANYWHERE, *_PERMITTED, 404, *_CHANGING)),
        "patch": _operation("Change a graph by an update.", parameters, _successes(204),
                            (*writing, 404),
                            body={"required": True, "content": {_UPDATE: {"schema": _TEXT}}}),
    }  # fmt: skip
    for method in methods.values():
        method["security"] = [{"token": []}]
    return methods | {"options": _options()}


def _graphs() -> Json:
    """A graph in one of the formats, or several as the parts of a form."""
    content: Json = {format.media_type: {"schema": _TEXT} for format in GRAPH_FORMATS}
    files = {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
    return {"required": True, "content": content | {_MULTIPART: {"schema": files}}}


# ------------------------------------------------------------------------------------ building


def _operation(
    summary: str,
    parameters: list[Json],
    successes: Json,
    failures: Iterable[int],
    *,
    body: Json | None = None,
) -> Json:
    told = {"summary": summary, "parameters": parameters, "responses": successes}
    told["responses"] = successes | _failures(failures)
    return told | ({"requestBody": body} if body else {})


def _options() -> Json:
    """What browsers ask before they ask (Fetch standard §3.2.2)."""
    return _operation("Tell the methods.", [], _successes(204), _ANYWHERE)


def _without_body(operation: Json) -> Json:
    """Return an operation for HEAD, which has every header of GET and no content."""
    responses = {
        status: {"description": told.get("description", "As for GET.")}
        for status, told in operation["responses"].items()
    }
    return operation | {"summary": f"{operation['summary']} Headers only.", "responses": responses}


def _parameter(name: str, schema: Json, description: str) -> Json:
    told = {"name": name, "in": "query", "schema": schema, "description": description}
    return told | ({"allowEmptyValue": True} if schema.get("maxLength") == 0 else {})


def _answers(formats: Iterable[ResultFormat], *more: int) -> Json:
    """Return the response 200 in any of the formats, and responses without content."""
    content: Json = {}
    for format in formats:
        for media_type in format.media_types:
            content.setdefault(media_type, {"schema": {}})
    if _RESULTS in content:
        content[_RESULTS] = {"schema": {"$ref": "#/components/schemas/Results"}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    return {
        "200": {"description": "The answer.", "headers": headers, "content": content},
        **_successes(*more),
    }


def _successes(*statuses: int) -> Json:
    found: Json = {str(status): {"description": _SUCCESSES[status]} for status in statuses}
    for status in ("201", "303"):
        if status in found:
            found[status]["headers"] = {"Location": _header("Where to look.")}
    return found


def _failures(statuses: Iterable[int]) -> Json:
    return {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in sorted(set(statuses))
    }


def _header(description: str) -> Json:
    return {"description": description, "schema": _TEXT}


def _problems() -> Json:
    """Return a response for each status that problems have, with the types that go with it."""
    kinds: defaultdict[int, list[str]] = defaultdict(list)
    for kind, (status, _) in KINDS.items():
        kinds[status].append(kind)
    return {f"Problem{status}": _problem(status, found) for status, found in kinds.items()}


def _problem(status: int, kinds: list[str]) -> Json:
    types = {"type": {"enum": [TYPES + kind for kind in kinds]}, "status": {"const": status}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": types}]}
    told: Json = {
        "description": "; ".join(f"{KINDS[kind][1]} ({kind})" for kind in kinds) + ".",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    if status in _FAILURE_HEADERS:
        name, text = _FAILURE_HEADERS[status]
        told["headers"] = {name: _header(text)}
    return told


def _schemas() -> Json:
    problem = {
        "title": "Problem details (RFC 9457)",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string", "description": "What is wrong, the same each time."},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong here, and the remedy."},
        },
        "additionalProperties": True,
    }
    results = {
        "title": "SPARQL 1.1 Query Results JSON Format",
        "type": "object",
        "required": ["head"],
        "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
        "properties": {
            "head": {"type": "object"},
            "boolean": {"type": "boolean"},
            "results": {"type": "object", "required": ["bindings"]},
        },
    }
    return {"Problem": problem, "Results": results}
