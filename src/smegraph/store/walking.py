"""The files below a folder, and which links lead to more of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LEADS_OUT: Final = "leads out of the folder"
NO_FILE: Final = "is no regular file"
NOWHERE: Final = "leads nowhere"


@dataclass
class Walk:
    """What lies below a folder, without what is hidden.

    Attributes:
        folder: the folder, without symbolic links.
        follow_links: whether links that lead out of it are followed.
        files: each file by the path at which it was found, with its target; those that lie there
            come first, sorted, then those in linked folders.
        refused: what is no regular file, or a link that is not followed, with the reason.
    """

    folder: Path
    follow_links: bool = False
    files: list[tuple[Path, Path]] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    _seen: set[Path] = field(default_factory=set)

    def run(self) -> Walk:
        """Find what there is, and return the walk.

        A linked folder inside the folder is entered unless its place is walked anyway, as those
        are not which a ConfigMap of Kubernetes hides. So circles end.

        Raises:
            OSError: a folder cannot be read.
        """
        links = [self.folder]
        while links:
            found: list[Path] = []
            for link in links:
                found += self._walk(link)
            links = []
            for path in sorted(found):
                self._take(path, links)
        self.refused.sort()
        return self

    def _walk(self, top: Path) -> Iterator[Path]:
        """Yield the files and the links below a folder, and enter what is no link."""
        todo = [top]
        while todo:
            here = todo.pop()
            real = here.resolve()
            if real in self._seen:
                continue
            self._seen.add(real)
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(Path(entry.path))
                    else:
                        yield Path(entry.path)

    def _take(self, path: Path, links: list[Path]) -> None:
        """Take a file, or put a link to a folder among the links."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            self.refused.append((path, NOWHERE))
            return
        if not self.follow_links and not target.is_relative_to(self.folder):
            self.refused.append((path, LEADS_OUT))
        elif target.is_dir():
            links.append(path)
        elif target.is_file():
            self.files.append((path, target))
        else:
            self.refused.append((path, NO_FILE))
