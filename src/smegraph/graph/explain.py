"""Why a study is inconsistent: the smallest set of its facts that HermiT refuses.

QuickXplain (Junker 2004, AAAI, algorithm 1), first over the subjects of the facts, then over the
facts of those subjects. HermiT is asked only whether the ontology has a model.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import owlready2

from smegraph.errors import ReasonerError
from smegraph.ontology.terms import OWL

Item = TypeVar("Item")


def find_clash(java: str, axioms: Sequence[str], facts: Sequence[str]) -> list[str]:
    """A minimal subset of the facts that contradicts the axioms (none can be left out).

    Args:
        java: the Java program.
        axioms: the ontology in N-Triples lines; taken as given.
        facts: the study's facts in N-Triples lines.

    Returns:
        The facts in order, without line ends; empty when the axioms alone have no model.
    """
    groups: dict[str, list[str]] = {}
    fixed: list[str] = []
    for fact in facts:
        if fact.startswith("_:"):
            fixed.append(fact)  # the members of an owl:AllDifferent stand or fall together
        else:
            groups.setdefault(fact.split(" ", 1)[0], []).append(fact)
    background = [*axioms, *fixed]

    def group_test(names: Sequence[str]) -> bool:
        return has_model(java, [*background, *(f for name in names for f in groups[name])])

    def fact_test(chosen: Sequence[str]) -> bool:
        return has_model(java, [*background, *chosen])

    subjects = quick_explain(list(groups), group_test)
    clash = quick_explain([f for name in subjects for f in groups[name]], fact_test)
    return [fact.rstrip("\n") for fact in clash]


def quick_explain(items: Sequence[Item], fits: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """The smallest conflict among items for a test that more items can only fail.

    >>> quick_explain([1, 2, 3, 4, 5], lambda chosen: not {2, 5} <= set(chosen))
    [2, 5]
    """
    if fits(items) or not fits([]):
        return []
    found = set(_explain([], False, list(range(len(items))), lambda i: fits([items[n] for n in i])))
    return [item for number, item in enumerate(items) if number in found]


def _explain(
    given: list[int], grown: bool, rest: list[int], fits: Callable[[list[int]], bool]
) -> list[int]:
    if grown and not fits(given):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    later = _explain([*given, *first], bool(first), second, fits)
    earlier = _explain([*given, *later], bool(later), first, fits)
    return [*earlier, *later]


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
    """Statements without ``owl:imports``, which the OWL API and owlready2 would fetch."""
    return [line for line in lines if f" <{OWL}imports> " not in line]
