"""Keep some of a disk free, so that what was begun on it can be finished."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smegraph.server.engine.errors import InsufficientStorage

_ERROR_NUMBERS: Final = (errno.ENOSPC, errno.EDQUOT)
_MESSAGES: Final = tuple(os.strerror(number) for number in _ERROR_NUMBERS)
_MEBIBYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """What is left on the disk of a folder; `reserved` bytes are for nothing but finishing."""

    folder: Path
    reserved: int = 0

    @property
    def free(self) -> int:
        """How many bytes this process may still write there."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def require(self, size: int = 0) -> None:
        """Raise InsufficientStorage when so many bytes more would leave too little."""
        free = self.free
        if free < self.reserved + size:
            raise InsufficientStorage(
                f"The disk of the dataset has {free // _MEBIBYTE} MiB left, of which "
                f"{self.reserved // _MEBIBYTE} MiB are kept free; this may take "
                f"{size // _MEBIBYTE + 1} MiB. Nothing was changed."
            )


def is_full(error: BaseException) -> bool:
    """Say whether something failed because a disk, or what one may use of it, is full.

    The engine tells most of its failures by a sentence alone.
    """
    if isinstance(error, OSError) and error.errno in _ERROR_NUMBERS:
        return True
    return any(message in str(error) for message in _MESSAGES)
