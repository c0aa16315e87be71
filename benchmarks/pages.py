"""How long the pages take: those of the release that was built last, and of 2 000 made-up studies.

Each page is asked in states that nobody asked for before, after one that fills the tables of the
page; what is measured is the answer over HTTP, read to its end.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import shutil
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from measure import BenchmarkError
from serving_servers import start_ours

from smegraph.namespaces import DCTERMS, GRAPH, ID, RDF, RDFS, SME, VOC, XSD

CURRENT = Path("build") / "current"
SEED = 20_261_130
STUDIES = 2_000
FINDINGS = 40  # of each study
MARKS: Mapping[str, float] = {"release": 100.0, "2 000 studies": 300.0}  # milliseconds
SEARCH_MARK = 50.0  # milliseconds
_TIMES = 15
_BASES = ("primary-data", "literature-statement", "synthesis", "author-argument")
_SIGNS = ("positive", "negative", "no-effect", "unsigned")
_WORDS = ("trust", "linkedin", "export performance", "psychic distance", "china", "capability")
_PATIENCE = 300.0  # seconds


@dataclass(frozen=True)
class PageTime:
    """How long one page takes: milliseconds of the first answer, and the median of later ones."""

    data: str
    page: str
    first: float
    median: float
    mark: float
    bytes: int


def run(folder: Path, *, quick: bool = False) -> list[PageTime]:
    """Measure all pages on both forms of data.

    Raises BenchmarkError where there is no release or a page is not answered.
    """
    if not CURRENT.is_dir():
        raise BenchmarkError(f"{CURRENT} is missing; `make build` makes it.")
    work = folder / "pages"
    work.mkdir(parents=True, exist_ok=True)
    made = generated(work / "release", 20 if quick else STUDIES)
    times = []
    for data, release in (("release", CURRENT.resolve()), ("2 000 studies", made)):
        server = start_ours(Path(), release, work)
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
        ) as http_:
            try:
                times += [_measured(http_, data, page, states) for page, states in pages().items()]
            finally:
                server.stop()
    (folder / "pages.json").write_text(json.dumps([asdict(one) for one in times], indent=2) + "\n")
    return times


def pages() -> dict[str, list[str]]:
    """The pages, each with addresses of states that differ."""
    choices = [
        urlencode({"basis": basis, "sign": sign, "hedged": hedged})
        for basis, sign, hedged in itertools.product(_BASES, _SIGNS, ("yes", "no"))
    ]
    constructs = _constructs()
    return {
        "/search": [f"/search?{urlencode({'q': f'{a} {b}'})}"
                    for a, b in itertools.permutations(_WORDS, 2)],
        "/findings": [f"/findings?{choice}" for choice in choices],
        "/evidence": [f"/evidence?{choice}" for choice in choices],
        "/constructs/…": [f"/constructs/{name}" for name in constructs],
        "/vocab/…": [f"/vocab/{name}.html" for name in constructs],
        "/direction": [f"/direction?{urlencode({'effect': name})}" for name in constructs],
        "/papers": [f"/papers?{urlencode({'basis': basis, 'hedged': hedged})}"
                    for basis, hedged in itertools.product(_BASES, ("yes", "no"))],
    }  # fmt: skip


def _constructs() -> list[str]:
    """Constructs that findings name, of the release that was built last, drawn with a seed."""
    from smegraph.client import connect

    query = "SELECT DISTINCT ?c { ?f a sme:Finding ; sme:polarEffect ?c } ORDER BY ?c"
    with connect(CURRENT) as graph:
        names = [str(row["c"]).removeprefix(VOC) for row in graph.select(query)]
    return random.Random(SEED).sample(names, min(len(names), 2 * _TIMES))


def _measured(
    http_: http.client.HTTPConnection, data: str, page: str, states: Sequence[str]
) -> PageTime:
    first, *rest = states
    begun, size = _answered(http_, first)
    later = [_answered(http_, state)[0] for state in rest[:_TIMES]]
    mark = SEARCH_MARK if page == "/search" and data == "release" else MARKS[data]
    return PageTime(data, page, begun, statistics.median(later), mark, size)


def _answered(http_: http.client.HTTPConnection, address: str) -> tuple[float, int]:
    begun = time.perf_counter()
    http_.request("GET", address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = http_.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise BenchmarkError(f"{address} is answered with {answer.status}: {body[:300]!r}")
    return 1000 * (time.perf_counter() - begun), len(body)


def render(times: Sequence[PageTime]) -> str:
    """The figures as a table."""
    lines = [f"{'page':<16}{'data':<16}{'first':>9}{'median':>9}{'mark':>8}{'bytes':>10}"]
    lines += [
        f"{one.page:<16}{one.data:<16}{one.first:>7.0f}ms{one.median:>7.1f}ms{one.mark:>6.0f}ms"
        f"{one.bytes:>10,}{'' if one.median <= one.mark else '  above its mark'}"
        for one in times
    ]
    return "\n".join(lines)


# Made-up studies


def generated(folder: Path, studies: int) -> Path:
    """Make a release of made-up studies over the real vocabulary; one that is there is kept."""
    import pyoxigraph as ox

    from smegraph.store.embedded import store_union

    mark = folder / "made.txt"
    if mark.is_file() and mark.read_text() == f"{studies} {FINDINGS} {SEED}":
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    real = ox.Store.read_only(str(CURRENT / "store"))
    store = ox.Store(str(folder / "store"))
    for name in ("ontology", "vocabulary"):
        store.bulk_extend(real.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + name)))
    for name in ("derived", "inferred"):
        found = real.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + name))
        store.bulk_extend(quad for quad in found if str(quad.subject).startswith(f"<{VOC}"))
    constructs = sorted(
        {quad.subject.value for quad in real.quads_for_pattern(
            None, ox.NamedNode(SME + "desirability"), None, ox.NamedNode(GRAPH + "vocabulary"))
         if isinstance(quad.subject, ox.NamedNode)}
    )  # fmt: skip
    draw = random.Random(SEED)
    for number in range(studies):
        text = "".join(study(number, constructs, draw)).encode()
        graph = ox.NamedNode(f"{GRAPH}study-{number:05}")
        store.bulk_load(input=text, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    store_union(store)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"version": "generated"}))
    (folder / "report.json").write_text("{}")
    mark.write_text(f"{studies} {FINDINGS} {SEED}")
    return folder


def study(number: int, constructs: Sequence[str], draw: random.Random) -> Iterator[str]:
    """Yield a study in N-Triples lines: a document, a work that it cites, and findings."""
    document, cited = f"<{ID}work-{number:05}>", f"<{ID}work-cited-{number % 700:05}>"
    for iri, class_ in ((document, "SourceDocument"), (cited, "Work")):
        label = f'"{"Made" if iri == document else "Cited"} {number % 700} (2020)"'
        yield f"{iri} <{RDF}type> <{SME}{class_}> .\n{iri} <{RDFS}label> {label} .\n"
        yield f"{iri} <{DCTERMS}title> {label} .\n{iri} <{RDF}type> <{SME}Work> .\n"
    for place in range(FINDINGS):
        yield from finding(f"{number:05}-{place:03}", document, cited, constructs, draw)


def finding(
    key: str, document: str, cited: str, constructs: Sequence[str], draw: random.Random
) -> Iterator[str]:
    """Yield a finding in N-Triples lines, with all that the pages ask of one."""
    cause, effect = draw.sample(constructs, 2)
    sign, basis = f"{VOC}{draw.choice(_SIGNS)}", draw.choice(_BASES)
    named = {
        "cause": cause, "effect": effect, "sign": sign, "polarCause": cause,
        "polarEffect": effect, "polarSign": sign, "evidenceBasis": VOC + basis,
    }  # fmt: skip
    iri = f"<{ID}finding-{key}>"
    text = f'"A made-up finding, no. {key}"'
    yield "".join(f"{iri} <{RDF}type> <{SME}{name}> .\n" for name in ("Finding", "Fact"))
    yield "".join(f"{iri} <{SME}{name}> <{value}> .\n" for name, value in named.items())
    yield "".join(f"{iri} <{SME}involves> <{value}> .\n" for value in (cause, effect))
    works = (document,) if basis == "primary-data" else (cited,)
    yield "".join(f"{iri} <{SME}foundBy> {work} .\n" for work in works)
    hedged = str(draw.random() < 0.3).lower()
    yield f'{iri} <{SME}hedged> "{hedged}"^^<{XSD}boolean> .\n'
    yield f"{iri} <{SME}statement> {text} .\n{iri} <{RDFS}label> {text} .\n"
    yield f'{iri} <{SME}reportedIn> {document} .\n{iri} <{SME}locator> "section 4" .\n'
