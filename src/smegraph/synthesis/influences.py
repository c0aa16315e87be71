"""What acts on a construct and what it acts on: pairs of constructs, and chains of pairs.

A pair is no effect that holds: it says that works report one. A chain of pairs is no proof either,
as effects are not transitive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

MOST_RAYS: Final = 14
MOST_CHAINS: Final = 20
WIDTH: Final = 1120  # of the figure, in its own units
_BOX_WIDTH, _BOX_HEIGHT = 200, 64
_ROW, _TOP = 30, 14
_SYMBOL: Final = 372  # from the edge of the figure to the middle of a symbol
_LONGEST: Final = 44  # letters of a label
_WIDEST: Final = 9.0


@dataclass(frozen=True, slots=True)
class Pair:
    """What is found of one construct on another.

    Attributes:
        cause, effect: the two.
        directions: how many findings there are of each direction.
        findings, works: how many, whatever their basis.
        hedged: how many findings have a reserve.
        bases: findings and works by evidence basis, most findings first.
        primary_works: how many works have primary data for it.
    """

    cause: str
    effect: str
    directions: Mapping[str, int]
    findings: int
    works: int
    hedged: int = 0
    bases: tuple[tuple[str, int, int], ...] = ()
    primary_works: int = 0

    @property
    def direction(self) -> str:
        """The direction that the findings share; `mixed` where they differ.

        Findings that state none do not count where others state one.
        """
        stated = [name for name, count in self.directions.items() if count and name != "unsigned"]
        if len(stated) > 1:
            return "mixed"
        return stated[0] if stated else "unsigned"


def ranked(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs, those with most works that have primary data first, then with most works."""
    return sorted(
        pairs,
        key=lambda one: (-one.primary_works, -one.works, -one.findings, one.cause, one.effect),
    )


@dataclass(frozen=True, slots=True)
class Ray:
    """A pair as the figure draws it.

    Attributes:
        pair: what it shows.
        other: the construct at its end.
        x, y: the middle of its symbol.
        text_x: where its label ends or begins.
        label: the label, cut where it is long.
        note: a smaller line below; may be empty.
        path: the line, as the attribute `d` of an SVG path.
        width: of the line; it grows with the number of works.
        is_dashed: whether no work has primary data for it.
    """

    pair: Pair
    other: str
    x: int
    y: int
    text_x: int
    label: str
    note: str
    path: str
    width: float
    is_dashed: bool


@dataclass(frozen=True, slots=True)
class Fan:
    """The figure of one construct: what acts on it to the left, what it acts on to the right.

    Attributes:
        height: of the figure; its width is WIDTH.
        box: left edge, upper edge, width and height of the construct's box.
        acting, acted: the rays.
        more_acting, more_acted: how many pairs are not drawn.
    """

    height: int
    box: tuple[int, int, int, int]
    acting: tuple[Ray, ...]
    acted: tuple[Ray, ...]
    more_acting: int
    more_acted: int


def fan(
    acting: Sequence[Pair],
    acted: Sequence[Pair],
    labels: Mapping[str, str],
    notes: Mapping[tuple[str, str], str],
    most: int = MOST_RAYS,
) -> Fan:
    """Return the figure of a construct.

    Args:
        acting: the pairs in which it is the effect, the first of which are drawn.
        acted: the pairs in which it is the cause.
        labels: what people read of each construct.
        notes: a line for some pairs, such as what changes the effect.
        most: how many pairs are drawn on each side.
    """
    rows = max(1, min(most, len(acting)), min(most, len(acted)))
    height = max(rows * _ROW + 2 * _TOP, _BOX_HEIGHT + 2 * _TOP)
    box = ((WIDTH - _BOX_WIDTH) // 2, (height - _BOX_HEIGHT) // 2, _BOX_WIDTH, _BOX_HEIGHT)
    drawn = [
        tuple(_rays(pairs[:most], labels, notes, box, height, is_left=is_left))
        for pairs, is_left in ((acting, True), (acted, False))
    ]
    return Fan(
        height, box, drawn[0], drawn[1], max(0, len(acting) - most), max(0, len(acted) - most)
    )


def _rays(
    pairs: Sequence[Pair],
    labels: Mapping[str, str],
    notes: Mapping[tuple[str, str], str],
    box: tuple[int, int, int, int],
    height: int,
    *,
    is_left: bool,
) -> Iterator[Ray]:
    first = (height - len(pairs) * _ROW) // 2 + _ROW // 2
    side = -1 if is_left else 1
    edge = box[0] if is_left else box[0] + box[2]
    x = _SYMBOL if is_left else WIDTH - _SYMBOL
    for number, pair in enumerate(pairs):
        y = first + number * _ROW
        other = pair.cause if is_left else pair.effect
        # Lines meet the box side by side, in the order of their rows.
        landing = round(box[1] + 8 + (box[3] - 16) * (number + 0.5) / len(pairs))
        start, half = x - side * 14, (x - side * 14 + edge) // 2
        yield Ray(
            pair=pair,
            other=other,
            x=x,
            y=y,
            text_x=x + side * 18,
            label=shortened(labels.get(other, other)),
            note=shortened(notes.get((pair.cause, pair.effect), ""), _LONGEST + 16),
            path=f"M{start} {y}C{half} {y} {half} {landing} {edge} {landing}",
            width=min(_WIDEST, 0.6 + 1.2 * pair.works),
            is_dashed=pair.primary_works == 0,
        )


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return a text that is not too long, cut at a word.

    >>> shortened("use of social media", 12)
    'use of…'
    """
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Chain:
    """Pairs of which each begins where the one before it ends."""

    steps: tuple[Pair, ...]

    @property
    def weakest(self) -> int:
        """How many works the step has that has fewest."""
        return min(step.works for step in self.steps)

    @property
    def place(self) -> tuple[int, int, tuple[str, ...]]:
        """Where it stands among others: short ones first, then those with most works."""
        return len(self.steps), -self.weakest, tuple(step.effect for step in self.steps)


def chains(
    first: Iterable[Pair], middle: Iterable[Pair], last: Iterable[Pair], most: int = MOST_CHAINS
) -> tuple[list[Chain], int]:
    """Return the chains of at most three pairs, and how many there are.

    No construct stands twice in a chain, and none leads through its beginning or its end.

    Args:
        first: the pairs that begin at the beginning.
        middle: pairs that join an end of `first` with a beginning of `last`.
        last: the pairs that end at the end.
        most: how many are returned.
    """
    first, last = [*first], [*last]
    starts, ends = {one.cause for one in first}, {one.effect for one in last}
    by_cause: dict[str, list[Pair]] = {}
    for one in last:
        by_cause.setdefault(one.cause, []).append(one)
    inner: dict[str, list[Pair]] = {}
    for one in middle:
        if one.effect not in starts | ends and one.cause not in starts | ends:
            inner.setdefault(one.cause, []).append(one)
    found = [Chain((one,)) for one in first if one.effect in ends]
    for one in first:
        if one.effect in starts | ends:
            continue
        found += [Chain((one, then)) for then in by_cause.get(one.effect, ())]
        for then in inner.get(one.effect, ()):
            if then.effect != then.cause:
                found += [Chain((one, then, after)) for after in by_cause.get(then.effect, ())]
    found.sort(key=lambda chain: chain.place)
    return list(islice(found, most)), len(found)
