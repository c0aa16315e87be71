"""Where somebody works: the project around a folder, and the study in which the folder lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATA: Final = "data"
_FOLDERS: Final = ("studies", "reference")


@dataclass(frozen=True)
class Place:
    """A working folder inside a project.

    Attributes:
        root: the folder that holds `data/`, seen from the working folder; `.` where it is that one.
        sheets: the folder of sheets in which the working folder lies, or is: that of a study, or
            of the reference data.
    """

    root: Path
    sheets: Path | None = None

    @property
    def is_root(self) -> bool:
        """Whether the working folder holds the data."""
        return self.root == Path()

    @property
    def is_in_study(self) -> bool:
        """Whether the working folder lies in that of a study."""
        return self.sheets is not None and self.sheets.resolve().parent.name == "studies"


def find_place(folder: Path) -> Place | None:
    """Return the place of a folder in the nearest project, upwards from it, or None.

    A project is a folder with `data/studies/` or `data/reference/`.
    """
    here = folder.resolve()
    for root in (here, *here.parents):
        if any((root / DATA / name).is_dir() for name in _FOLDERS):
            sheets = _sheets_around(here, root / DATA)
            near = Path(os.path.relpath(root, here))
            return Place(near, sheets and Path(os.path.relpath(sheets, here)))
    return None


def _sheets_around(here: Path, data: Path) -> Path | None:
    parts = here.relative_to(data).parts if here.is_relative_to(data) else ()
    if parts[:1] == ("reference",):
        return data / "reference"
    return data / "studies" / parts[1] if parts[:1] == ("studies",) and len(parts) > 1 else None


def no_project(data: Path) -> str:
    """Say what would do where a folder of data is none."""
    begin = data / "studies" / "my-study"
    return (
        f"Change to the folder of a project, which holds {DATA}/studies/, or to one below it; or "
        f"name its data with --data. `smegraph template {begin}` begins a study."
    )
