"""The coverage of one text: by section and table, and the passages that nobody coded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from smegraph.coverage.intervals import Marks, Span, cut, strip
from smegraph.coverage.rows import Heading, Pointers
from smegraph.coverage.segments import paragraphs, sentences
from smegraph.studies.passages import digest_of

State = Literal["done", "partly", "not done", "no text"]

FRONT = "before the first heading"
_HEADING = 300  # a part's row whose passage is longer points at the whole part
_LONG = 150  # paragraphs shorter than this stand together in the list of open passages
_SHORTEST = 20  # a page number or a remark of the printer is no passage to code; but a cell is


@dataclass(frozen=True)
class Run:
    """A passage that nobody coded: sentences of one paragraph, or several short paragraphs.

    Attributes:
        start: where it begins, in code points.
        end: where it ends; the end is not part of it.
        characters: how many characters of it are neither white space nor coded.
        digest: the SHA-256 of the passage.
    """

    start: int
    end: int
    characters: int
    digest: str


@dataclass(frozen=True)
class Part:
    """A section or a table: what stands from its heading to the next one.

    Attributes:
        key: the id of its row; empty for what stands before the first heading.
        label: its heading.
        kind: `section` or `table`.
        locator: how rows name it.
        part_of: the key of the section that it belongs to.
        depth: how many sections it stands in; a table behind the text stands in none.
        start: where its text begins, behind the heading.
        end: where it ends.
        characters: how many characters it has that are not white space.
        content: how many of them lie in passages of rows that say what the text tells.
        coded: how many of them lie in passages of any row, those of literature too.
        paragraphs: how many paragraphs (of a table: lines) it has.
        touched: how many of them hold a passage of a row that says what the text tells.
        runs: what nobody coded, in the order of the text.
    """

    key: str
    label: str
    kind: str
    locator: str
    part_of: str | None
    depth: int
    start: int
    end: int
    characters: int
    content: int
    coded: int
    paragraphs: int
    touched: int
    runs: tuple[Run, ...]

    @property
    def state(self) -> State:
        """Whether it is done: no passage is left that nobody coded."""
        if not self.paragraphs:
            return "no text"
        if not self.runs:
            return "done"
        return "partly" if self.content else "not done"


@dataclass(frozen=True)
class Coverage:
    """The coverage of a text, by its parts in the order of the text."""

    parts: tuple[Part, ...]

    @cached_property
    def characters(self) -> int:
        """How many characters the text has, without white space and headings."""
        return sum(part.characters for part in self.parts)

    @cached_property
    def content(self) -> int:
        """How many of them lie in passages of rows that say what the text tells."""
        return sum(part.content for part in self.parts)

    @cached_property
    def coded(self) -> int:
        """How many of them lie in passages of any row, those of literature too."""
        return sum(part.coded for part in self.parts)


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent with one digit behind the point; 100 is all and 0 is nothing.

    >>> percent(1, 3), percent(9999, 10000), percent(1, 10000), percent(0, 0)
    (33.3, 99.9, 0.1, None)
    """
    if not whole:
        return None
    if part in (0, whole):
        return 100.0 if part else 0.0
    return min(max(round(100 * part / whole, 1), 0.1), 99.9)


def cover(text: str, found: Pointers) -> Coverage:
    """Measure how much of a text the rows of its study point at."""
    return _Measure(text, found).run()


# Decision 016: docs/decisions/016-coverage.md
class _Measure:
    """Counts for one text, made once and asked for every stretch of it."""

    def __init__(self, text: str, found: Pointers) -> None:
        self.text = text
        self.headings = sorted(found.headings, key=lambda heading: heading.span)
        self.titles = [self._title(heading) for heading in self.headings]
        self.visible = Marks.visible(text).outside(self.titles)
        self.content = self.visible.within(found.content)
        self.coded = self.visible.within([*found.content, *found.literature])
        self.paragraphs = self._paragraphs()

    def run(self) -> Coverage:
        path: list[str] = []  # the keys of the sections that the text is in
        starts = [title.end for title in self.titles]
        ends = [heading.span.start for heading in self.headings[1:]] + [len(self.text)]
        front = Heading("", FRONT, "section", "", None, Span(0, 0))
        first = self.headings[0].span.start if self.headings else len(self.text)
        parts = [self._part(front, 0, Span(0, first))]
        for heading, start, end in zip(self.headings, starts, ends, strict=False):
            while path and path[-1] != heading.part_of:
                path.pop()
            parts.append(self._part(heading, len(path), Span(min(start, end), end)))
            path.append(heading.key)
        return Coverage(tuple(part for part in parts if part.key or part.characters))

    def _title(self, heading: Heading) -> Span:
        """Return the heading alone, also where a row points at the whole part."""
        start, end = heading.span
        if end - start <= _HEADING:
            return heading.span
        line_end = self.text.find("\n", start, end)
        return Span(start, line_end if 0 < line_end - start <= _HEADING else start)

    def _paragraphs(self) -> list[Span]:
        """Return the paragraphs; none of them lies in two parts."""
        points = sorted({point for title in self.titles for point in title})
        pieces = (piece for span in paragraphs(self.text) for piece in cut(span, points))
        return [strip(self.text, piece) for piece in pieces if self.visible.count(*piece)]

    def _part(self, heading: Heading, depth: int, span: Span) -> Part:
        own = [p for p in self.paragraphs if span.start <= p.start and p.end <= span.end]
        shortest = 1 if heading.kind == "table" else _SHORTEST
        counted = [p for p in own if self.visible.count(*p) >= shortest]
        return Part(
            heading.key, heading.label, heading.kind, heading.locator, heading.part_of, depth,
            span.start, span.end,
            characters=self.visible.count(*span),
            content=self.content.count(*span),
            coded=self.coded.count(*span),
            paragraphs=len(counted),
            touched=sum(self._is_touched(p) for p in counted),
            runs=tuple(run for run in self._runs(own) if run.characters >= shortest),
        )  # fmt: skip

    def _is_touched(self, span: Span) -> bool:
        return self.content.count(*span) > 0 or not self._is_open(span)

    def _is_open(self, span: Span) -> bool:
        """Whether a sentence is uncoded: the greater part of it lies in no passage of content.

        One that is literature for the most part, as in a list of references, is coded as well.
        """
        visible = self.visible.count(*span)
        return 2 * self.content.count(*span) < visible and 4 * self.coded.count(*span) < 3 * visible

    def _is_literature(self, paragraph: Span) -> bool:
        """Whether a paragraph is an entry of a list of references, and coded as that."""
        visible, coded = self.visible.count(*paragraph), self.coded.count(*paragraph)
        return 4 * coded >= 3 * visible and 2 * (coded - self.content.count(*paragraph)) > visible

    def _runs(self, own: Sequence[Span]) -> Iterator[Run]:
        """Neighbouring open sentences as one, as far as a coder takes them as one."""
        pending: list[Span] = []
        before: Span | None = None
        for paragraph in own:
            if before and not self._belong_together(before, paragraph):
                yield from self._run(pending)
                pending = []
            before = paragraph
            done = self._is_literature(paragraph)
            for sentence in sentences(self.text, paragraph):
                if not done and self.visible.count(*sentence) and self._is_open(sentence):
                    pending.append(sentence)
                else:
                    yield from self._run(pending)
                    pending = []
        yield from self._run(pending)

    def _belong_together(self, before: Span, paragraph: Span) -> bool:
        return all(self.visible.count(*span) < _LONG for span in (before, paragraph))

    def _run(self, pending: Sequence[Span]) -> Iterator[Run]:
        if pending:
            start, end = self._trim(pending[0].start, pending[-1].end)
            characters = self.visible.count(start, end) - self.content.count(start, end)
            yield Run(start, end, characters, digest_of(self.text[start:end]))

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch without the signs that a run-in heading leaves behind it."""
        while end - start > 1 and not self.text[start].isalnum() and self.text[start] in " :.\t":
            start += 1
        return start, end
