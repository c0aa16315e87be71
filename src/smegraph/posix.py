"""What the operating system must be; this is asked before anything is imported that needs it."""

from __future__ import annotations

import sys
from typing import Final

NEEDED: Final = (
    "smegraph needs Linux, macOS, or WSL on Windows: it uses processes and locks that Windows "
    "itself does not have. In PowerShell, `wsl --install` installs WSL; then install smegraph in "
    "its terminal."
)


def is_missing() -> bool:
    """Whether the operating system is Windows itself."""
    return sys.platform == "win32"
