"""Checks that need more than the triples: parsers, the reasoner, shapes, questions, passages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

import owlready2
import pyoxigraph as ox

from smegraph.audit.errors import Unavailable
from smegraph.audit.findings import Check, Hit
from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.audit.links import LINK_CHECKS
from smegraph.audit.profile import is_callable, profile_violations
from smegraph.audit.stores import sheet_file
from smegraph.errors import Problem
from smegraph.graph.errors import InconsistencyError, ReasonerError, ShapeError
from smegraph.graph.explain import find_clash
from smegraph.graph.hermit import ask_hermit, find_java, has_model, without_imports
from smegraph.graph.inferences import impossible
from smegraph.graph.pipeline import places_of
from smegraph.graph.triples import iri_of, subject_of
from smegraph.namespaces import ONTOLOGY, XSD, shorten
from smegraph.release.questions import Answer, ask_all, load_questions
from smegraph.store import EmbeddedStore

# ------------------------------------------------------------------------------------- parsing


def _rdflib(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    files = [*inputs.ontology.files, sheet_file(inputs.ontology.folder)]
    for path in filter(lambda path: path.is_file(), files):
        try:
            Graph().parse(path, format="turtle")
        except BadSyntax as error:
            name = path.relative_to(inputs.ontology.folder).as_posix()
            yield Hit(name, " ".join(str(error).split())[:200])


def _through_owlready2(lines: Iterable[str]) -> bytes:
    world = owlready2.World()
    try:
        data = io.BytesIO("".join(without_imports(lines)).encode())
        ontology = world.get_ontology(ONTOLOGY).load(fileobj=data)
        saved = io.BytesIO()
        ontology.save(saved, format="ntriples")
        return saved.getvalue()
    finally:
        world.close()


def _owlready2(check: Check, inputs: AuditInputs) -> list[Hit]:
    def find() -> Iterator[Hit]:
        try:
            _through_owlready2(inputs.terms)
        except owlready2.OwlReadyOntologyParsingError as error:
            yield Hit("the ontology", str(error)[:200])

    return inputs.kept(check, [inputs.terms], find)


def _round_trip(check: Check, inputs: AuditInputs) -> list[Hit]:
    """Compare Turtle → N-Triples → owlready2 → N-Triples → Turtle with what it began as."""

    def find() -> Iterator[Hit]:
        lines = without_imports(inputs.terms)
        before = _canonical("".join(lines).encode(), ox.RdfFormat.N_TRIPLES)
        try:
            back = _through_owlready2(inputs.terms)
        except owlready2.OwlReadyOntologyParsingError as error:
            raise Unavailable("owlready2 cannot read the ontology.") from error
        turtle = ox.serialize(
            (quad.triple for quad in ox.parse(back, format=ox.RdfFormat.N_TRIPLES)),
            format=ox.RdfFormat.TURTLE,
        )
        assert turtle is not None  # no output was named, so the bytes are returned
        after = _canonical(turtle, ox.RdfFormat.TURTLE)
        for sign, changed in (("lost", before - after), ("added", after - before)):
            for line in sorted(changed):
                yield Hit(shorten_line(line), sign)

    return inputs.kept(check, [inputs.terms], find)


def _canonical(data: bytes, form: ox.RdfFormat) -> set[str]:
    """Return the statements with blank nodes named by RDFC-1.0, an xsd:string written plainly."""
    folder = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(data, format=form))
    folder.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple).replace(f"^^<{XSD}string>", "") for quad in folder}


def shorten_line(line: str) -> str:
    """Return a line of N-Triples with prefixed names.

    >>> shorten_line("<https://w3id.org/smegraph/id/a> <http://purl.org/dc/terms/title> 'A' .")
    "id:a dcterms:title 'A' ."
    """
    return re.sub(r"<([^>]*)>", lambda match: shorten(match[1]), line.rstrip("\n"))


# ----------------------------------------------------------------------------------- reasoning


def _java() -> str:
    try:
        return find_java()
    except ReasonerError as error:
        raise Unavailable(str(error)) from error


def _profile(check: Check, inputs: AuditInputs) -> list[Hit]:
    java = _java()
    if not is_callable():
        raise Unavailable('The OWL API is called through JPype: `pip install "smegraph[java]"`.')
    try:
        lines = [*inputs.terms, *inputs.union]
    except Unavailable:  # the ontology is looked at all the same
        lines = inputs.terms

    def find() -> Iterator[Hit]:
        for violation in profile_violations(java, lines):
            yield Hit(shorten_line(violation))

    return inputs.kept(check, [lines], find)


def _hermit_alone(check: Check, inputs: AuditInputs) -> list[Hit]:
    java, told, axioms = _java(), inputs.gate.told, inputs.gate.told_for_order

    def find() -> Iterator[Hit]:
        if not has_model(java, told):
            yield Hit("the ontology", "no model")
            return
        code, output = ask_hermit(java, axioms, "-c")
        if code:
            raise ReasonerError(f"HermiT gives no answer: {' '.join(output.split())[:600]}")
        for name in sorted(impossible(output)):
            yield Hit(ox.NamedNode(name), "no thing can be a member")

    return inputs.kept(check, [told, axioms], find)


def _hermit_union(check: Check, inputs: AuditInputs) -> list[Hit]:
    """Ask HermiT about the ontology with the facts of all studies in one world."""
    java, logical = _java(), inputs.gate.premises.logical(inputs.union)
    told = inputs.gate.told

    def find() -> Iterator[Hit]:
        if has_model(java, [*told, *logical]):
            return
        places = places_of(inputs.clean)
        for fact in find_clash(java, told, logical):
            yield Hit(shorten_line(fact), places.get(iri_of(subject_of(fact))))

    return inputs.kept(check, [told, logical], find)


def _hermit_each(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    _java()
    if isinstance(error := inputs.graphs, InconsistencyError):
        for fact in error.facts:
            place = error.places.get(iri_of(subject_of(fact)))
            yield Hit(f"{error.study}: {shorten_line(fact)}", place)
    elif isinstance(error, ReasonerError):
        yield Hit("the ontology", str(error))


# ------------------------------------------------------------------------- sheets, shapes, answers


def _sheets(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    for problem in inputs.problems:
        if problem.severity == "error" and problem.kind != "passage":
            yield _problem(problem)


def _problem(problem: Problem) -> Hit:
    place = problem.place()
    return Hit(f"{problem.file}, {place}" if place else problem.file, problem.message)


def _passages(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    if inputs.project.sources is None:
        raise Unavailable("The source documents are not at hand; --sources names their folder.")
    for problem in inputs.problems:
        if problem.kind in ("passage", "source-changed", "source-missing"):
            yield _problem(problem)


def _violations(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    if isinstance(error := inputs.graphs, ShapeError):
        for line in str(error).splitlines()[1:]:
            yield Hit(line.strip())


def _shape_warnings(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    if isinstance(graphs := inputs.graphs, Exception):
        raise Unavailable(f"There is no graph: {str(graphs).splitlines()[0]}")
    for problem in graphs.warnings:
        yield Hit(f"{problem.file}: {problem.column or 'row'}", problem.message)


def _answers(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    if isinstance(graphs := inputs.graphs, Exception):
        raise Unavailable(f"There is no graph to ask: {str(graphs).splitlines()[0]}")
    store = ox.Store()
    for graph, lines in graphs.triples.items():
        data, name = "".join(lines).encode(), ox.NamedNode(graph)
        store.bulk_load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
    store.bulk_load(
        "".join(sorted({line for lines in graphs.triples.values() for line in lines})).encode(),
        format=ox.RdfFormat.N_TRIPLES,
    )
    folder = inputs.ontology.folder / "questions"
    for answer in ask_all(load_questions(folder), EmbeddedStore(store)):
        if not answer.is_right:
            yield Hit(f"questions/{answer.question.path}", _difference(answer))


def _difference(answer: Answer) -> str:
    if answer.error:
        return answer.error
    if answer.misplaced:
        return "the rows come in another order than expected"
    return f"{len(answer.missing)} rows are missing, {len(answer.surplus)} are not expected"


_W3C = "OWL 2 Web Ontology Language"
FULL_CHECKS = (
    EngineCheck(
        Check(
            "read/rdflib",
            "A file that rdflib cannot read",
            "error",
            "RDF 1.1 Turtle",
            "Correct the file at the line that is named.",
        ),
        _rdflib,
    ),
    EngineCheck(
        Check(
            "read/owlready2",
            "The ontology cannot be read by owlready2",
            "error",
            "RDF 1.1 N-Triples, through owlready2",
            "Look at what owlready2 says of it.",
        ),
        _owlready2,
    ),
    EngineCheck(
        Check(
            "read/round-trip",
            "A statement that Turtle → owlready2 → Turtle loses or adds",
            "error",
            "Design, quality bar, 11; RDF StudyFolder Canonicalization (RDFC-1.0)",
            "Write it in the way in which owlready2 keeps it.",
        ),
        _round_trip,
    ),
    EngineCheck(
        Check(
            "owl2dl/profile",
            "What the OWL API finds to be outside OWL 2 DL, with the facts of all studies",
            "error",
            f"{_W3C} Profiles; org.semanticweb.owlapi.profiles.OWL2DLProfile in HermiT.jar",
            "The other checks of owl2dl name the section.",
        ),
        _profile,
    ),
    EngineCheck(
        Check(
            "hermit/ontology",
            "The ontology alone has no model, or a class can have no member",
            "error",
            f"{_W3C} Direct Semantics, section 2.5 (consistency, satisfiability)",
            "Find the axioms that exclude each other; `owl:disjointWith` is the usual one.",
        ),
        _hermit_alone,
    ),
    EngineCheck(
        Check(
            "hermit/each-study",
            "A study that HermiT refuses by itself",
            "error",
            f"{_W3C} Direct Semantics, section 2.5 (consistency)",
            "One of these facts is coded wrongly, or an axiom says too much.",
        ),
        _hermit_each,
    ),
    EngineCheck(
        Check(
            "hermit/all-studies",
            "Facts of several studies that cannot be true together",
            "error",
            f"{_W3C} Direct Semantics, section 2.5 (consistency)",
            "One of these facts is coded wrongly, or two things share one IRI.",
        ),
        _hermit_union,
    ),
    EngineCheck(
        Check(
            "sheets/errors",
            "An error in a sheet",
            "error",
            "`smegraph check`",
            "Correct the cell.",
        ),
        _sheets,
    ),
    EngineCheck(
        Check(
            "passages/hashes",
            "A passage that the source document does not bear out",
            "error",
            "Design, quality bar, 12",
            "`smegraph locate` gives offsets and hash of a passage.",
        ),
        _passages,
    ),
    EngineCheck(
        Check(
            "shacl/violations",
            "A shape that the graph of a study breaks",
            "error",
            "SHACL, section 3.4 (validation), through pySHACL",
            "Correct the row that the subject was made from.",
        ),
        _violations,
    ),
    EngineCheck(
        Check(
            "shacl/warnings",
            "Something that a shape expects and a document may well leave out",
            "info",
            "SHACL, section 2.1.4 (sh:Warning), through pySHACL",
            "Look it up in the document once more.",
        ),
        _shape_warnings,
    ),
    EngineCheck(
        Check(
            "questions/answers",
            "A question whose answer is not the expected one",
            "error",
            "ontology/questions; Design, quality bar, 9",
            "`smegraph questions` shows the rows that differ.",
        ),
        _answers,
    ),
    *LINK_CHECKS,
)
