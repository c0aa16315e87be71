"""Results kept by the hash of their input, so that what did not change is not computed again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


# Decision 013: docs/decisions/013-kept-results.md
@dataclass(frozen=True)
class Entry:
    """The place of one result; without a path nothing is kept."""

    path: Path | None

    @classmethod
    def of(cls, folder: Path | None, ending: str, *parts: Iterable[str]) -> Entry:
        """Return the place of the result that the parts decide, each in its order.

        >>> Entry.of(None, ".json", ["a"]).read()
        >>> one, other = (Entry.of(Path("memo"), ".nt", *p).path for p in (["ab"], ["a", "b"]))
        >>> one == other
        False
        """
        if folder is None:
            return cls(None)
        digest = hashlib.sha256()
        for part in parts:
            digest.update("".join(part).encode())
            digest.update(b"\n\0")
        return cls(folder / f"{digest.hexdigest()}{ending}")

    def read(self) -> str | None:
        """Return what was kept, or None."""
        if self.path is None or not self.path.is_file():
            return None
        return self.path.read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        """Keep a result; whoever reads at the same time sees all of it or nothing."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(f".{os.getpid()}.tmp")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.path)
