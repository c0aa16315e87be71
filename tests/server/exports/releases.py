"""Releases beside each other, as a folder of builds has them, that differ in little."""

from __future__ import annotations

import json
from pathlib import Path

from tests.server.conftest import HEAD, write_release

FINDING = """
graph:a {{ id:finding-1 a sme:Finding ; rdfs:label "One" ; sme:sign voc:{sign} .
  id:firm-a a sme:Firm ; rdfs:label "<b>Firm A</b>" ; sme:founded {year} . {more} }}
"""
MORE = 'id:firm-b a sme:Firm ; rdfs:label "Firm B" .'


def trig(folder: Path, built: str, sign: str, year: int, more: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = HEAD + FINDING.format(sign=sign, year=year, more=more)
    (folder / "smegraph.trig").write_text(text, "utf-8")
    (folder / "report.json").write_text(json.dumps({"built": built}), "utf-8")
    return folder


def write_releases(folder: Path) -> Path:
    """Write four releases; the one that is served is returned, and `bbb` is the one before."""
    trig(folder / "aaa", "2026-01-01T00:00:00Z", "positive", 2001)
    trig(folder / "bbb", "2026-02-01T00:00:00Z", "negative", 2001)
    trig(folder / "zzz", "2026-04-01T00:00:00Z", "negative", 1999)
    (folder / "ccc").mkdir()
    write_release(folder / "ccc")
    return trig(folder / "ccc", "2026-03-01T00:00:00Z", "positive", 2002, MORE)
