"""Fields of a CSV file, quoted where they must be (RFC 4180 §2)."""

from __future__ import annotations

import re
from typing import Final

SPECIAL: Final = re.compile(r'[",\r\n]')


def quoted(field: str) -> str:
    """Return a field as it stands in a row.

    >>> quoted("Movy"), quoted("Arnone, Deprince")
    ('Movy', '"Arnone, Deprince"')
    """
    return '"' + field.replace('"', '""') + '"' if SPECIAL.search(field) else field
