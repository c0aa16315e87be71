"""What proposals of links cost, and how many of them hold.

    python benchmarks/links.py speed [--concepts N]
    python benchmarks/links.py calibration TARGET PREFIX [--half 0|1]

`speed` makes a vocabulary of so many concepts, each with a preferred label, two others and a
broader concept, and times `smegraph link suggest` on it as a process of its own.

`calibration` proposes links between all concepts and a vocabulary, and compares them with the links
of `ontology/mappings/` that a person has verified: for each confidence how many were proposed, how
many hold as they are (an exact match is a close one, SKOS Reference, S42), and how many are linked
at all. The halves part the subjects by a digest of their names, so that what is tuned on one is
measured on the other. It is run by hand: no mark depends on it.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from smegraph.links.candidates import suggest
from smegraph.links.folder import read_sets
from smegraph.links.known import Known
from smegraph.links.own import own_terms
from smegraph.links.slots import CLOSE_MATCH, EXACT_MATCH
from smegraph.links.targets import read_target
from smegraph.namespaces import shorten
from smegraph.ontology.ontology import Ontology

ROOT = Path(__file__).resolve().parent.parent
SKOS = "http://www.w3.org/2004/02/skos/core#"


def vocabulary(concepts: int, labels: list[str]) -> Iterator[str]:
    """The lines of an invented vocabulary, in which every hundredth concept has a real label."""
    for number in range(concepts):
        iri = f"<https://example.org/{number}>"
        real = (
            labels[number // 100 % len(labels)] if number % 100 == 0 else f"thing number {number}"
        )
        yield f'{iri} a <{SKOS}Concept> ; <{SKOS}prefLabel> "{real}"@en ;'
        yield f'  <{SKOS}altLabel> "other name of {number}"@en , "Ding {number}"@de ;'
        yield f"  <{SKOS}broader> <https://example.org/{number // 10}> ."


def speed(concepts: int) -> None:
    """Print how long the command takes."""
    ontology = Ontology.load(ROOT / "ontology")
    terms = own_terms(ontology, [], Known.of(ontology, []), "concepts")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.ttl"
        lines = vocabulary(concepts, [term.label for term in terms])
        path.write_text("\n".join(lines), encoding="utf-8")
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "smegraph", "link", "suggest", "--target", str(path),
             "-o", str(Path(folder) / "out.tsv")],
            cwd=ROOT, text=True, capture_output=True, check=True,
        )  # fmt: skip
        print(f"{concepts} concepts: {time.perf_counter() - started:.1f} s. {done.stderr.strip()}")


def calibration(path: Path, prefix: str, half: int | None) -> None:
    """Print by confidence how many proposals hold."""
    ontology = Ontology.load(ROOT / "ontology")
    terms = own_terms(ontology, [], Known.of(ontology, []), "concepts")
    verified = {
        (link.subject, link.object): link.predicate
        for one in read_sets(ontology.folder, ROOT / "data")
        if one.name.endswith(f"-{prefix}")
        for link in one.stated()
        if half in (None, side(link.subject))
    }
    counts: dict[float, Counter[str]] = defaultdict(Counter)
    for one in suggest(terms, read_target(path)):
        if half in (None, side(one.term.iri)):
            said = verified.get((one.term.iri, one.object))
            weaker = one.predicate == CLOSE_MATCH and said == EXACT_MATCH
            holds = said == one.predicate or weaker
            counts[one.confidence].update(proposed=1, hold=holds, linked=said is not None)
            counts[one.confidence].update(exact=said == EXACT_MATCH)
    exact = sum(predicate == EXACT_MATCH for predicate in verified.values())
    print("confidence  proposed  hold  linked  exact")
    for confidence, count in sorted(counts.items(), reverse=True):
        numbers = [count[name] for name in ("proposed", "hold", "linked", "exact")]
        print(f"{confidence:10}", *(f"{number:7}" for number in numbers))
    print(f"verified: {len(verified)} links, {exact} of them exact")


def side(iri: str) -> int:
    """The half in which a subject is."""
    return hashlib.sha256(shorten(iri).encode()).digest()[0] % 2


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description="Measure proposals of links.")
    commands = parser.add_subparsers(dest="command", required=True)
    timed = commands.add_parser("speed")
    timed.add_argument("--concepts", type=int, default=100_000)
    compared = commands.add_parser("calibration")
    compared.add_argument("target", type=Path)
    compared.add_argument("prefix")
    compared.add_argument("--half", type=int, choices=[0, 1])
    given = parser.parse_args()
    if given.command == "speed":
        speed(given.concepts)
    else:
        calibration(given.target, given.prefix, given.half)


if __name__ == "__main__":
    main()
