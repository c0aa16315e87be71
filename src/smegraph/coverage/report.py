"""Coverage for people who code: a table of the parts, and the passages that nobody coded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import indent

from smegraph.coverage.measure import Coverage, Part, Run, percent
from smegraph.coverage.studies import StudyCoverage
from smegraph.problem_report import visible
from smegraph.tables import Column, table_text

_WORDS = 70  # characters of a passage that are shown
_LABEL = 58
_SHARES = tuple(Column(head, is_number=True) for head in ("text", "coded", "+ refs"))


@dataclass(frozen=True)
class Filter:
    """Which parts and passages are wanted.

    Attributes:
        section: only parts whose heading, id or locator holds this text, with what is in them.
        below: only parts that are not done and of which less than this share (in percent) is coded.
        longest: only so many of the longest passages, longest first.
    """

    section: str | None = None
    below: float | None = None
    longest: int | None = None

    def apply(self, study: StudyCoverage) -> StudyCoverage:
        """Return the study with the wanted parts only; its shares are then those of these parts."""
        if study.coverage is None or (self.section is None and self.below is None):
            return study
        kept = tuple(part for part in self._within(study.coverage.parts) if self._is_below(part))
        return replace(study, coverage=Coverage(kept))

    def _within(self, parts: Sequence[Part]) -> Iterator[Part]:
        wanted = (self.section or "").casefold()
        inside: set[str] = set()
        for part in parts:
            texts = (part.label, part.key, part.locator)
            if part.part_of in inside or any(wanted in text.casefold() for text in texts):
                inside.add(part.key)
                yield part

    def _is_below(self, part: Part) -> bool:
        if self.below is None:
            return True
        share = percent(part.content, part.characters)
        return share is not None and share < self.below and part.state in ("partly", "not done")


def as_text(studies: Sequence[StudyCoverage], wanted: Filter) -> str:
    """Return a section for each study, and a table of all of them when there are several."""
    blocks = ["\n".join(_study(study, wanted)) for study in studies]
    measured = [study for study in studies if study.coverage]
    if len(measured) > 1:
        blocks.append("\n".join(_total(measured)))
    return "\n\n".join(blocks)


def _study(study: StudyCoverage, wanted: Filter) -> Iterator[str]:
    yield visible(f"{study.study}: {study.label}" + (f" ({study.file})" if study.file else ""))
    for problem in study.problems:
        mark = "warning: " if problem.severity == "warning" else "error: "
        yield visible(f"  {mark}{problem.file} {problem.sentence()}")
    if study.coverage is None:
        return
    if not study.coverage.parts:
        yield "  No part of the text is as you want it."
        return
    yield f"  {_sentence(study.coverage)}"
    yield ""
    yield from _table(study.coverage.parts)
    yield ""
    yield from _passages(study, wanted)


def _sentence(coverage: Coverage) -> str:
    states = [part.state for part in coverage.parts if part.paragraphs]
    counts = ((states.count(state), state) for state in ("done", "partly", "not done"))
    told = ", ".join(f"{count} {state}" for count, state in counts if count)
    return (
        f"{_share(coverage.content, coverage.characters)} of the text is coded "
        f"({_share(coverage.coded, coverage.characters)} with citations and references); "
        f"parts: {told or 'none'}."
    )


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return "–" if share is None else f"{share:.1f} %"


def _table(parts: Sequence[Part]) -> Iterator[str]:
    columns = (
        Column("part", widest=_LABEL), *_SHARES,
        Column("paragraphs", is_number=True), Column("state"),
    )  # fmt: skip
    rows = (
        (_name(part), *_shares(part), f"{part.touched}/{part.paragraphs}", part.state)
        for part in parts
    )
    yield indent(table_text(columns, rows), "  ")


def _shares(found: Part | Coverage) -> tuple[str, str, str]:
    whole = found.characters
    return f"{whole:,}", _share(found.content, whole), _share(found.coded, whole)


def _name(part: Part) -> str:
    return "  " * part.depth + part.label


def _passages(study: StudyCoverage, wanted: Filter) -> Iterator[str]:
    assert study.coverage
    open_ = [(part, run) for part in study.coverage.parts for run in part.runs]
    if not open_:
        yield "  No passage is left to code."
        return
    shown = open_
    if wanted.longest is not None:
        shown = sorted(open_, key=lambda entry: -entry[1].characters)[: wanted.longest]
    order = "in the order of the text" if shown is open_ else f"the {len(shown)} longest"
    noun = "passage is" if len(open_) == 1 else "passages are"
    yield f"  {len(open_)} {noun} not coded ({order}; charStart–charEnd, characters):"
    last = None
    for part, run in shown:
        if part is not last:
            yield visible(f"    {part.label}")
        last = part
        yield f"      {_offsets(run)}  {_words(study.text, run)}"


def _offsets(run: Run) -> str:
    return f"{f'{run.start}–{run.end}':<13} {run.characters:5,}"


def _words(text: str, run: Run) -> str:
    """How the passage begins, in one line."""
    return visible(_shorten(" ".join(text[run.start : run.end].split()), _WORDS))


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _total(studies: Sequence[StudyCoverage]) -> Iterator[str]:
    columns = (Column("study"), *_SHARES, Column("open", is_number=True))
    covered = ((study.study, study.coverage) for study in studies if study.coverage)
    rows = (
        (name, *_shares(found), f"{sum(len(part.runs) for part in found.parts):,}")
        for name, found in covered
    )
    yield table_text(columns, rows)
