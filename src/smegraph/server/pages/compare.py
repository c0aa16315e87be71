"""Papers side by side: what is told of each, with what is not told of all of them marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.server.pages.asking import record
from smegraph.server.pages.finding_list import SIGNS
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import quoted
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.views import Table
from smegraph.server.pages.works import (
    TAGS,
    WorkChoice,
    WorkRow,
    evidence_of,
    samples_of,
    tags_of,
)

FEWEST: Final = 2
MOST: Final = 6
_NOTHING: Final = "not told"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row tells of one paper: texts, each with whether all papers of the row have it."""

    items: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The texts in one."""
        return "; ".join(text for text, _ in self.items)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of a comparison.

    Attributes:
        title: what is compared.
        cells: one for each paper.
        differs: whether not all papers have the same.
        group: the heading above the row; empty where it is that of the row before.
    """

    title: str
    cells: tuple[Cell, ...]
    differs: bool
    group: str = ""

    @classmethod
    def of(cls, title: str, told: Sequence[Iterable[str]], group: str = "") -> ComparedRow:
        """Return a row of what is told of each paper.

        >>> ComparedRow.of("Method", [["survey"], ["survey", "interview"]]).cells[1].items
        (('survey', True), ('interview', False))
        """
        texts = [tuple(text for text in one if text) for one in told]
        shared = set(texts[0]).intersection(*texts)
        cells = tuple(Cell(tuple((text, text in shared) for text in one)) for one in texts)
        return cls(title, cells, len({frozenset(one) for one in texts}) > 1, group)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Papers side by side."""

    papers: Sequence[WorkRow]
    rows: Sequence[ComparedRow]

    def table(self) -> Table:
        """Return the comparison as a table with a column for each paper."""
        columns = ["compared", "differs", *(paper.label for paper in self.papers)]
        rows = [
            [row.title, "yes" if row.differs else "no", *(cell.text for cell in row.cells)]
            for row in self.rows
        ]
        return Table(columns, rows)

    def to_markdown(self) -> str:
        """Return the comparison as a table of Markdown; what not all papers have is bold."""
        head = ["", *(_in_markdown(paper.label) for paper in self.papers)]
        lines = [head, ["---"] * len(head)]
        for row in self.rows:
            cells = (_joined(cell, _in_markdown, "**{}**", "; ") for cell in row.cells)
            lines.append([_in_markdown(row.title), *cells])
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def to_latex(self) -> str:
        r"""Return the comparison as a `tabular` of LaTeX; what not all papers have is `\textbf`."""
        width = round(0.8 / len(self.papers), 2)
        columns = f"p{{0.18\\linewidth}}*{{{len(self.papers)}}}{{p{{{width}\\linewidth}}}}"
        head = " & ".join(["", *(_in_latex(paper.label) for paper in self.papers)])
        lines = [f"\\begin{{tabular}}{{{columns}}}", "\\hline", f"{head} \\\\", "\\hline"]
        for row in self.rows:
            cells = (_joined(cell, _in_latex, "\\textbf{{{}}}", "; ") for cell in row.cells)
            lines.append(" & ".join([_in_latex(row.title), *cells]) + " \\\\")
        return "\n".join([*lines, "\\hline", "\\end{tabular}", ""])


@record
class EffectCount:
    """How many findings of a work say one direction of an effect, on one evidence basis."""

    work: str
    effect: str
    effect_label: str
    sign: str
    sign_label: str
    basis_label: str
    findings: int
    hedged: int


async def compare(lookup: Lookup, papers: Sequence[WorkRow]) -> Comparison:
    """Return papers side by side: record, design, and findings by what they are on."""
    everything = WorkChoice()
    tags = await tags_of(lookup, papers)
    samples = await samples_of(lookup, papers)
    evidence = await evidence_of(lookup, everything, papers)
    rows = [
        ComparedRow.of("Title", [[p.title] for p in papers], "The paper"),
        ComparedRow.of("Authors", [p.authors.split("; ") for p in papers]),
        ComparedRow.of("Year", [[str(p.year or "")] for p in papers]),
        ComparedRow.of("Published in", [[p.periodical] for p in papers]),
        ComparedRow.of("Samples", [[s.text for s in samples[p.iri]] for p in papers], "Its design"),
    ]
    for facet in TAGS:
        told = [[tag.label for tag in tags[p.iri].get(facet.name, ())] for p in papers]
        if any(told):
            rows.append(ComparedRow.of(facet.title, told))
    counted = [
        [f"{one.label}: {one.findings}" + _reserve(one.hedged) for one in evidence[p.iri]]
        for p in papers
    ]
    rows.append(ComparedRow.of("Findings by evidence", counted, "What it found"))
    return Comparison(papers, [*rows, *await _effects(lookup, papers)])


async def _effects(lookup: Lookup, papers: Sequence[WorkRow]) -> list[ComparedRow]:
    """Return a row for each effect, those first on which most of the papers have findings."""
    among = ", ".join(quoted(paper.iri) for paper in papers)
    sql = (
        "SELECT t.thing AS work, f.effect, e.label AS effect_label, f.sign, "
        "s.label AS sign_label, b.label AS basis_label, COUNT(*) AS findings, "
        "SUM(f.hedged) AS hedged FROM tag t JOIN finding f ON f.iri = t.finding "
        "JOIN label e ON e.iri = f.effect JOIN label s ON s.iri = f.sign "
        "JOIN label b ON b.iri = f.basis "
        f"WHERE t.kind = 'work' AND t.thing IN ({among}) AND f.restates = 0 "
        "GROUP BY t.thing, f.effect, f.sign, f.basis ORDER BY effect_label, findings DESC, f.sign"
    )
    effects: dict[str, dict[str, list[str]]] = {}
    for one in await lookup.rows(FINDINGS, sql, {}, EffectCount):
        mark = SIGNS.get(one.sign.rpartition("/")[2], "·")
        text = f"{mark} {one.sign_label}: {one.findings} ({one.basis_label})"
        told = effects.setdefault(one.effect_label, {})
        told.setdefault(one.work, []).append(text + _reserve(one.hedged))
    ranked = sorted(effects.items(), key=lambda found: -len(found[1]))
    return [
        ComparedRow.of(f"on {effect}", [told.get(p.iri, ()) for p in papers],
                       "" if number else "Findings by effect")
        for number, (effect, told) in enumerate(ranked)
    ]  # fmt: skip


def _reserve(hedged: int) -> str:
    return f", {hedged} with a reserve" if hedged else ""


_LATEX: Final = {
    **{ord(char): f"\\{char}" for char in "%&#$_{}"},
    ord("\\"): r"\textbackslash{}", ord("~"): r"\textasciitilde{}", ord("^"): r"\textasciicircum{}",
    ord("↑"): r"$\uparrow$", ord("↓"): r"$\downarrow$", ord("○"): r"$\circ$", ord("∩"): r"$\cap$",
    ord("·"): r"$\cdot$",
}  # fmt: skip
_MARKDOWN: Final = {ord(char): f"\\{char}" for char in "\\`*_[]<>|#"}


def _in_latex(text: str) -> str:
    return text.translate(_LATEX)


def _in_markdown(text: str) -> str:
    return text.translate(_MARKDOWN)


def _joined(cell: Cell, write: Callable[[str], str], marked: str, between: str) -> str:
    texts = ((write(text), shared) for text, shared in cell.items)
    found = between.join(text if shared else marked.format(text) for text, shared in texts)
    return found or _NOTHING
