"""Where the files lie that smegraph works on."""

from __future__ import annotations

import os
from pathlib import Path

from smegraph.ontology.errors import OntologyError

ONTOLOGY_VARIABLE = "SMEGRAPH_ONTOLOGY"

_PACKAGE = Path(__file__).parents[1]
_PACKAGED = _PACKAGE / "_ontology"  # put there by the wheel
_CHECKOUT = _PACKAGE.parents[1] / "ontology"  # beside src/, for an editable install


# Decision 035: docs/decisions/035-build-and-packaging.md
def ontology_dir(option: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of the ontology: the first of these that there is.

    1. `option`, what `--ontology` named;
    2. the environment variable `SMEGRAPH_ONTOLOGY`, when it is not empty;
    3. `ontology/` in the working folder;
    4. the copy that was installed with smegraph.

    Returns:
        A folder that exists; relative to the working folder where it was named so.

    Raises:
        OntologyError: the option or the variable names no folder (the next place is not tried
            in its stead), or none of the places exists.
    """
    named = {"--ontology": option, ONTOLOGY_VARIABLE: os.environ.get(ONTOLOGY_VARIABLE)}
    for source, value in named.items():
        if value:
            return _named(Path(value), source)
    for folder in (Path("ontology"), _PACKAGED, _CHECKOUT):
        if folder.is_dir():
            return folder
    raise OntologyError(
        "No ontology was found: there is no folder ontology/ here. "
        f"Name one with --ontology or {ONTOLOGY_VARIABLE}."
    )


def _named(folder: Path, source: str) -> Path:
    if not folder.is_dir():
        raise OntologyError(f"{source} names {folder}, which is not a folder.")
    return folder
