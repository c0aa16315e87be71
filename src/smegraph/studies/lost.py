"""Sheets of which something could not be taken in, and the references that miss it.

A reference to a firm is wrong as well when the sheet of firms cannot be read: that follows, and
whoever mends the sheet has mended both.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Sheet
from smegraph.ontology.terms import TYPE
from smegraph.sheets.table import workbook_kind

_BETWEEN = re.compile(r'[,;\t\r\n"|]+|: ')  # cells and values, in CSV and in YAML
_LOOKED_AT = 16 * 1024 * 1024  # bytes of a file in which a name is looked for


# Decision 055: docs/decisions/055-causes-first.md
@dataclass(frozen=True)
class Lost:
    """A file of which something could not be taken in.

    Attributes:
        file: its path as it is shown to people.
        path: where it lies.
        sheet: what it holds, where that is known.
        has_made_keys: whether the keys of its rows are made of several cells.
    """

    file: str
    path: Path
    sheet: Sheet | None = None
    has_made_keys: bool = False

    def may_hold(self, name: str, class_: str | None, ontology: Ontology) -> bool:
        """Whether what a name stands for is likely to be in the file.

        That is so where the sheet describes such things, and a cell has the name. Where there are
        no cells to look at, as in a workbook, or keys are made of several, any name will do.
        """
        if class_ is None:
            return not self.has_made_keys and self._has(name)
        return class_ in described_by(self.sheet, ontology) and (
            self.has_made_keys or self._has(name)
        )

    def _has(self, name: str) -> bool:
        wanted = name.casefold()
        return not self._text or wanted in (self._text if _BETWEEN.search(wanted) else self._cells)

    @cached_property
    def _text(self) -> str | None:
        """The text of the file, whatever its encoding, or None."""
        try:
            with self.path.open("rb") as file:
                data = file.read(_LOOKED_AT)
        except OSError:
            return None
        return None if workbook_kind(data) else _decoded(data).strip().casefold()

    @cached_property
    def _cells(self) -> frozenset[str]:
        """What stands between the separators of the text."""
        return frozenset(cell.strip() for cell in _BETWEEN.split(self._text or ""))


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def described_by(sheet: Sheet | None, ontology: Ontology) -> frozenset[str]:
    """Return the classes of what the rows of a sheet describe, with those above them."""
    if sheet is None:
        return frozenset()
    kinds = sheet.by_path.get(TYPE)
    options = kinds.options.values() if kinds else ()
    classes = [sheet.class_, *(kind.value for kind in options if isinstance(kind, ox.NamedNode))]
    return frozenset[str]().union(*(ontology.superclasses(class_) for class_ in classes))


def cause_of(name: str, class_: str | None, lost: Iterable[Lost], ontology: Ontology) -> str | None:
    """Return the file in which the thing is likely to be that a name should stand for, or None."""
    found = (one.file for one in lost if one.may_hold(name, class_, ontology))
    return next(found, None)
