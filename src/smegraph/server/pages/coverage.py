"""Show how much of the studies' texts is coded: the page at `/coverage`, and as a file.

It is made of the document that `smegraph coverage --format json` writes, which points at passages
by offsets and digests and holds no word of a source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final, TypeAlias

from fastapi import FastAPI

from smegraph.release_files import COVERAGE
from smegraph.server.pages.layout import add_report, file_page

_Values: TypeAlias = Mapping[str, Any]

_TITLE: Final = "How much of each study is coded?"
_DESCRIPTION: Final = "Which share of each study's text lies in coded passages."
_LEAD: Final = (
    "Text is counted in characters, without white space and headings. A row of the graph points at "
    "the passage that it codes. Citations and entries of the list of references are counted apart, "
    "since a sentence is not coded when only its citation is."
)
_STATES: Final = {"done": "done", "partly": "partly", "not done": "open", "no text": "empty"}


def add_coverage(app: FastAPI, release: Path, version: str) -> bool:
    """Add the page when the release was built with its sources; returns whether it was."""
    path = release / COVERAGE
    if not path.is_file():
        return False
    main = _main(json.loads(path.read_text("utf-8")))
    add_report(app, path, title=_TITLE, description=_DESCRIPTION, main=main, version=version)
    return True


def render_file(document: _Values) -> str:
    """Return the page as one that stands alone in a file."""
    return file_page(title=_TITLE, description=_DESCRIPTION, main=_main(document))


def _main(document: _Values) -> str:
    studies: Sequence[_Values] = document["studies"]
    intro = (
        f'<section class="intro"><h1>{_TITLE}</h1><p class="lead">{_LEAD}</p>{_contents(studies)}'
        "</section>"
    )
    return "\n".join([intro, *("\n".join(_study(study)) for study in studies)])


def _contents(studies: Sequence[_Values]) -> str:
    """Links to the studies, when there are several."""
    if len(studies) < 2:
        return ""
    items = "".join(
        f'<li><a href="#study-{escape(study["study"])}">{escape(study["label"])} '
        f'<span class="count">{_percent(study.get("contentPercent"))}</span></a></li>'
        for study in studies
    )
    return f'<nav aria-label="Studies"><ul class="chips">{items}</ul></nav>'


def _study(study: _Values) -> Iterator[str]:
    key = escape(study["study"])
    yield f'<section class="study" aria-labelledby="study-{key}">'
    yield f'<h2 id="study-{key}">{escape(study["label"])}</h2>'
    for problem in study["problems"]:
        said = f"{problem['message']} {problem.get('remedy', '')}"
        yield f'<div class="error"><p>{escape(said)}</p></div>'
    if study.get("parts"):
        yield from _counts(study)
        yield _strip(study)
        yield _table(study["parts"])
        yield from _passages(study)
    yield "</section>"


def _counts(study: _Values) -> Iterator[str]:
    parts = [part for part in study["parts"] if part["paragraphs"]]
    done = sum(part["state"] == "done" for part in parts)
    passages = sum(len(part["open"]) for part in parts)
    entries = (
        ("of the text coded", _percent(study["contentPercent"])),
        ("with citations and references", _percent(study["codedPercent"])),
        ("sections and tables done", f"{done} of {len(parts)}"),
        ("passages left", f"{passages:,}"),
    )
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)
    yield f'<dl class="counts">{shown}</dl>'


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1f} %"


def _strip(study: _Values) -> str:
    """A picture of the text from its beginning to its end, with the passages that are left."""
    gaps = "".join(
        f'<rect class="gap" x="{run["start"]}" width="{run["end"] - run["start"]}" height="10"/>'
        for part in study["parts"]
        for run in part["open"]
    )
    length = study["length"]
    return (
        '<figure class="strip"><svg role="img" aria-label="Where in the text passages are left" '
        f'viewBox="0 0 {length} 10" preserveAspectRatio="none">'
        f'<rect class="whole" width="{length}" height="10"/>{gaps}</svg>'
        "<figcaption>The text from its beginning to its end; marked is what nobody coded."
        "</figcaption></figure>"
    )


def _table(parts: Sequence[_Values]) -> str:
    rows = "".join(_row(part) for part in parts)
    return (
        '<table class="parts"><caption class="hidden">Sections and tables</caption><thead><tr>'
        '<th scope="col">Section or table</th><th scope="col" class="number wide">Characters</th>'
        '<th scope="col" class="number">Coded</th>'
        '<th scope="col" class="number wide">With references</th>'
        '<th scope="col" class="number wide">Paragraphs</th><th scope="col">State</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(part: _Values) -> str:
    state = part["state"]
    depth = min(part["depth"], 3)
    return (
        f'<tr><th scope="row" class="depth{depth}">{escape(part["label"])}</th>'
        f'<td class="number wide">{part["characters"]:,}</td>'
        f'<td class="number">{_percent(part["contentPercent"])}{_bar(part)}</td>'
        f'<td class="number wide">{_percent(part["codedPercent"])}</td>'
        f'<td class="number wide">{part["paragraphsWithContent"]} of {part["paragraphs"]}</td>'
        f'<td><span class="state {_STATES.get(state, "empty")}">{escape(state)}</span></td></tr>'
    )


def _bar(part: _Values) -> str:
    if part["contentPercent"] is None:
        return ""
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" width="100" height="4"/>'
        f'<rect class="coded" width="{part["codedPercent"]}" height="4"/>'
        f'<rect class="content" width="{part["contentPercent"]}" height="4"/></svg>'
    )


def _passages(study: _Values) -> Iterator[str]:
    open_ = [part for part in study["parts"] if part["open"]]
    count = sum(len(part["open"]) for part in open_)
    if not count:
        return
    noun = "passage is" if count == 1 else "passages are"
    yield f'<details class="left"><summary>{count:,} {noun} left</summary>'
    yield (
        '<p class="quiet">Offsets are those of <code>charStart</code> and <code>charEnd</code> in '
        f"<code>{escape(study['source']['file'])}</code>; the beginning of the SHA-256 of each "
        "passage stands beside them.</p>"
    )
    for part in open_:
        yield f"<h3>{escape(part['label'])}</h3><ul>"
        yield from (_passage(run) for run in part["open"])
        yield "</ul>"
    yield "</details>"


def _passage(run: _Values) -> str:
    digest = escape(run["sha256"])
    return (
        f"<li>{run['start']}–{run['end']} "
        f'<span class="quiet">{run["characters"]:,} characters</span> '
        f'<code title="{digest}">{digest[:12]}</code></li>'
    )
