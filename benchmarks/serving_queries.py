"""What the servers are asked: one query for each thing that queries do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from serving_graph import BASE, firm_year

_PREFIXES = f"""\
PREFIX sme: <{BASE}ontology#>
PREFIX id: <{BASE}id/>
PREFIX voc: <{BASE}vocab/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TABLE = "application/sparql-results+json"
GRAPH = "application/n-triples"


@dataclass(frozen=True)
class Query:
    """A query; `graph` says that its result is one."""

    name: str
    text: str
    graph: bool = False

    @property
    def accept(self) -> str:
        """The media type to ask for."""
        return GRAPH if self.graph else TABLE


def point(subject: str) -> str:
    """The query for all that is said of one thing."""
    return f"SELECT ?p ?o {{ <{subject}> ?p ?o }}"


def request(path: str, query: str, accept: str) -> bytes:
    """A whole HTTP request by GET (SPARQL 1.1 Protocol §2.1.1)."""
    head = f"GET {path}?query={quote(query, safe='')} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    return f"{head}Accept: {accept}\r\n\r\n".encode("ascii")


def posted(path: str, body: bytes, media_type: str, token: str = "") -> bytes:
    """A whole HTTP request that posts a query or an update (SPARQL 1.1 Protocol §2.1.3, §2.2.2)."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {media_type}\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body


JOIN = "join of three"
QUERIES = (
    Query("point lookup", point(firm_year(1234))),
    Query(
        JOIN,
        _PREFIXES
        + """SELECT ?firm ?year ?turnover {
  ?firm sme:basedIn id:place-07 .
  ?use sme:ofFirm ?firm ; sme:onChannel id:channel-03 .
  ?firmYear sme:ofFirm ?firm ; sme:year ?year ; sme:turnover ?turnover
}""",
    ),
    Query(
        "GROUP BY",
        _PREFIXES
        + """SELECT ?direction (COUNT(?finding) AS ?findings) (COUNT(DISTINCT ?work) AS ?works) {
  ?finding sme:direction ?direction ; sme:reportedIn ?work
} GROUP BY ?direction""",
    ),
    Query(
        "OPTIONAL",
        _PREFIXES
        + """SELECT ?firm ?label ?channel {
  ?firm sme:caseIn id:work-0017 ; rdfs:label ?label .
  OPTIONAL { ?use sme:ofFirm ?firm ; sme:onChannel ?channel }
}""",
    ),
    Query(
        "property path",
        _PREFIXES
        + """SELECT ?channel (COUNT(?use) AS ?uses) {
  ?channel skos:broader+ id:channel-pair-2 .
  ?use sme:onChannel ?channel
} GROUP BY ?channel""",
    ),
    Query(
        "regex",
        _PREFIXES
        + """SELECT ?finding ?statement {
  ?finding sme:statement ?statement
  FILTER regex(?statement, "^more (trust|brand) gives [0-4].* more speed", "i")
}""",
    ),
    Query(
        "ORDER BY, LIMIT",
        _PREFIXES
        + """SELECT ?firm ?turnover {
  ?firm sme:basedIn id:place-11 .
  ?firmYear sme:ofFirm ?firm ; sme:turnover ?turnover
} ORDER BY DESC(?turnover) ?firm LIMIT 10""",
    ),
    Query(
        "CONSTRUCT",
        _PREFIXES
        + """CONSTRUCT { ?firm sme:uses ?channel } {
  ?firm sme:basedIn id:place-11 .
  ?use sme:ofFirm ?firm ; sme:onChannel ?channel
}""",
        graph=True,
    ),
)

# What looks at much of the graph, or at all of it: over a million triples the engine alone takes
# more than 20 ms for all but point lookup, join and path.
GROUP, REGEX, ORDER = "GROUP BY", "regex", "ORDER BY, LIMIT"
QUERIES_OVER_ALL = (
    *QUERIES[:2],
    Query(
        GROUP,
        _PREFIXES
        + """SELECT ?place (COUNT(?firmYear) AS ?firmYears) (AVG(?turnover) AS ?mean) {
  ?firmYear sme:ofFirm ?firm ; sme:turnover ?turnover .
  ?firm sme:basedIn ?place
} GROUP BY ?place""",
    ),
    Query(
        "OPTIONAL",
        _PREFIXES
        + """SELECT ?firm ?label ?channel {
  VALUES ?place { id:place-07 id:place-08 id:place-09 id:place-10 id:place-11 id:place-12
    id:place-13 id:place-14 }
  ?firm sme:basedIn ?place ; rdfs:label ?label
  OPTIONAL { ?use sme:ofFirm ?firm ; sme:onChannel ?channel }
}""",
    ),
    Query(
        "property path",
        _PREFIXES
        + """SELECT ?channel (COUNT(?use) AS ?uses) {
  ?channel skos:broader+ id:channel-root .
  ?use sme:onChannel ?channel
} GROUP BY ?channel""",
    ),
    Query(
        REGEX,
        _PREFIXES
        + """SELECT ?thing ?label {
  ?thing rdfs:label ?label
  FILTER regex(?label, "^firm no. 0000[0-4]", "i")
}""",
    ),
    Query(
        ORDER,
        _PREFIXES
        + """SELECT ?firmYear ?turnover {
  ?firmYear sme:turnover ?turnover
} ORDER BY DESC(?turnover) ?firmYear LIMIT 10""",
    ),
    Query(
        "CONSTRUCT",
        _PREFIXES
        + """CONSTRUCT { ?firm sme:uses ?channel } {
  VALUES ?place { id:place-07 id:place-08 id:place-09 id:place-10 id:place-11 id:place-12
    id:place-13 id:place-14 }
  ?firm sme:basedIn ?place .
  ?use sme:ofFirm ?firm ; sme:onChannel ?channel
}""",
        graph=True,
    ),
)
