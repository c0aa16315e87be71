"""Take the pictures of the pages that README.md opens with, from the release that was built last.

    python -m tools.pictures [--out DIR]

A real service is started on a free port, and a real Chromium (Debian's `chromium`) looks at it
through Playwright. The pictures are JPEG, so that they stay small.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import ViewportSize, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "pictures"
PAGES: Final[Mapping[str, str]] = {
    "evidence-map": "/evidence",
    "construct": "/constructs/psychic-distance",
}
PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SIZE: Final[ViewportSize] = {"width": 1280, "height": 860}
_QUALITY: Final = 72  # of 100
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")


def main(arguments: list[str]) -> int:
    """Take the pictures; the exit code is 1 where there is no Chromium or no release."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder of the pictures")
    folder = parser.parse_args(arguments).out
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        print("No Chromium: `apt-get install chromium` would do.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with service() as address:
        for name, path in PAGES.items():
            picture = folder / f"{name}.jpg"
            take(program, address + path, picture)
            print(f"{picture}: {picture.stat().st_size:,} bytes")
    return 0


def take(program: str, address: str, picture: Path) -> None:
    """Take a picture of the first screen of a page; a page that fails is no picture.

    Raises RuntimeError with the status of a page that is not answered.
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=_SIZE, color_scheme="light")
        answer = page.goto(address, wait_until="networkidle")
        if answer is None or not answer.ok:
            raise RuntimeError(f"{address} answers {answer.status if answer else 'nothing'}")
        page.screenshot(path=picture, type="jpeg", quality=_QUALITY)
        browser.close()


@contextmanager
def service() -> Iterator[str]:
    """Serve the release that was built last, and give the address.

    Raises RuntimeError with what the service says instead.
    """
    command = [sys.executable, "-m", "smegraph", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = _ADDRESS.search(said)
        try:
            if found is None:
                raise RuntimeError(f"The service does not start: {said or 'it says nothing'}")
            yield found[0]
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
