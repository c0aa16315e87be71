"""What changed from one release to the next, found by a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Any, Final

from smegraph.release_files import REPORT, TRIG
from smegraph.server.exports import changes_process
from smegraph.server.exports.errors import ExportTooSlow
from smegraph.server.http.problems import HttpProblem

MEMORY: Final = 2**30  # bytes
TIMEOUT: Final = 120.0  # seconds


def former_release(release: Path) -> Path | None:
    """Return the release that was built before another one, of those beside it.

    None without one, and where the folder of releases may not be read.
    """
    own = _built(release)
    try:
        beside = [one for one in release.parent.iterdir() if one != release]
    except OSError:
        return None
    earlier = [
        (built, one)
        for one in beside
        if (built := _built(one)) and built < own and (one / TRIG).is_file()
    ]
    return max(earlier)[1] if earlier else None


def _built(release: Path) -> str:
    """Return when a release was built (ISO 8601, UTC); an empty text where it does not say."""
    try:
        return str(json.loads((release / REPORT).read_text("utf-8")).get("built", ""))
    except (OSError, ValueError):
        return ""


async def changes_since(
    former: Path, release: Path, *, timeout: float = TIMEOUT, memory: int = MEMORY
) -> dict[str, Any]:
    """Return what changed, as `smegraph diff --format json` tells it.

    Raises:
        HttpProblem: the two cannot be compared, or not with so much memory.
        ExportTooSlow: it takes longer than the timeout, in seconds.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", changes_process.__name__, str(former), str(release),
        str(os.getpid()), str(memory), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(timeout):
            out, _ = await process.communicate()
    except TimeoutError as error:
        raise ExportTooSlow(timeout) from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        why = out.decode("utf-8", "replace").strip() or "that took more memory than there is."
        raise HttpProblem("not-found", f"The release before this one was not compared: {why}")
    told: dict[str, Any] = await asyncio.to_thread(json.loads, out)
    return told
