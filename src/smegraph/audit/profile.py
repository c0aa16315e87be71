"""The OWL API's own check of the OWL 2 DL profile, which owlready2 carries in `HermiT.jar`.

It has no command line. JPype calls it, in a process of its own: a Java machine can be started only
once in a process, keeps its memory, and takes the process along when it fails. So this module is
also a program: `python -m smegraph.audit.profile JAVA FILE` prints a line for each violation.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from smegraph.graph.errors import ReasonerError
from smegraph.graph.hermit import without_imports

_OPTIONS = (
    "-Xmx2000M",
    "-Xrs",  # signals are left to Python
    "--enable-native-access=ALL-UNNAMED",  # for JPype; unknown to Java before 17, and then ignored
)


def is_callable() -> bool:
    """Return whether JPype is installed."""
    return find_spec("jpype") is not None


# Decision 014: docs/decisions/014-owl-2-dl-profile.md
def profile_violations(java: str, lines: Sequence[str]) -> list[str]:
    """Return what keeps N-Triples lines out of OWL 2 DL, in the OWL API's words, sorted.

    Raises:
        ReasonerError: the Java machine does not start, or the OWL API cannot read them.
    """
    with tempfile.TemporaryDirectory(prefix="smegraph-") as folder:
        path = Path(folder) / "ontology.nt"
        path.write_text("".join(without_imports(lines)), encoding="utf-8")
        command = [sys.executable, "-m", __name__, java, str(path)]
        found = os.pathsep.join(path for path in sys.path if path)  # where this package was found
        environment = {**os.environ, "PYTHONPATH": found, "PYTHONUTF8": "1"}
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", check=False, env=environment
        )
    if done.returncode:
        raise ReasonerError(f"The OWL API gives no answer: {' '.join(done.stderr.split())[:600]}")
    return sorted({_shortened(line) for line in done.stdout.splitlines() if line})


def _shortened(violation: str) -> str:
    """Return a violation without the name of the ontology and of the file that holds it.

    >>> _shortened("Undeclared: <urn:A> [A(_:file:/a/genid-nodeid-_:b) in OntologyID(<o>)]")
    'Undeclared: <urn:A> [A(_:b)]'
    """
    named = re.sub(r"_:file:\S*?/genid-nodeid-_:", "_:", violation)
    return re.sub(r" in OntologyID\(.*$", "", named).rstrip("]") + ("]" if "[" in named else "")


def _violations(java: str, file: str) -> Iterator[str]:
    """Yield what the OWL API finds in a file, each in one line; the Java machine starts here."""
    import jpype
    import owlready2

    hermit = Path(owlready2.__file__).parent / "hermit"
    jpype.startJVM(
        _library(java), *_OPTIONS,
        classpath=[str(hermit), str(hermit / "HermiT.jar")], ignoreUnrecognized=True,
    )  # fmt: skip
    try:
        manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager")
        profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")
        document = jpype.JClass("java.io.File")(file)
        ontology = manager.createOWLOntologyManager().loadOntologyFromOntologyDocument(document)
        for violation in profile().checkOntology(ontology).getViolations():
            yield " ".join(str(violation).split())
    except jpype.JException as error:
        sys.exit(str(error))


def _library(java: str) -> str:
    """Return the library of the Java machine that belongs to a Java program."""
    home = Path(java).resolve().parent.parent
    library = next(home.glob("lib/server/libjvm.*"), None)
    if library is None:
        sys.exit(f"{home} has no lib/server/libjvm")
    return str(library)


if __name__ == "__main__":
    for line in _violations(*sys.argv[1:]):
        print(line)
