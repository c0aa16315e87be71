"""What can be wrong in the sheets of studies."""

from __future__ import annotations

from typing import Final

from smegraph.errors import ProblemsFound


class DataError(ProblemsFound):
    """Sheets with problems."""

    where = "sheets"


refuse_errors: Final = DataError.refuse
