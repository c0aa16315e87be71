"""Fifty thousand statements, and what a question about one of them is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SUBJECTS: Final = 10_000
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"


def write(file: Path) -> Path:
    """Write the statements as N-Triples."""
    with file.open("w", encoding="ascii") as out:
        for i in range(SUBJECTS):
            subject = f"<http://x/s{i}>"
            out.write(
                f'{subject} <http://x/name> "The name of {i}" .\n'
                f'{subject} <http://x/value> "{i * 37 % 1000}"^^<{_INTEGER}> .\n'
                f"{subject} <http://x/kind> <http://x/k{i % 20}> .\n"
                f"{subject} <http://x/next> <http://x/s{(i + 1) % SUBJECTS}> .\n"
                f'{subject} <http://x/note> "Something is noted of {i}"@en .\n'
            )
    return file


def point(number: int) -> tuple[str, bytes]:
    """Return a question about one subject, and its answer as CSV."""
    query = f"SELECT ?name {{ <http://x/s{number}> <http://x/name> ?name }}"
    return query, f"name\r\nThe name of {number}\r\n".encode()
