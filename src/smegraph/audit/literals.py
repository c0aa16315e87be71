"""Whether a literal is well-formed: its text is one of its datatype (OWL 2, sections 4 and 5.7)."""

from __future__ import annotations

import base64
import binascii
import calendar
import re
from collections.abc import Callable, Mapping
from typing import Final

import pyoxigraph as ox

from smegraph.namespaces import OWL, XSD

_INTEGER = r"[+-]?[0-9]+"
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_TIME = re.compile(
    r"(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-](\d\d):(\d\d))?", re.ASCII
)
_SPACES = "\t\n\r"
_FORMS: Final = {
    XSD + "decimal": _NUMBER,
    XSD + "double": rf"{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    XSD + "float": rf"{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    XSD + "boolean": "true|false|1|0",
    XSD + "hexBinary": "([0-9A-Fa-f]{2})*",
    XSD + "language": "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
    XSD + "normalizedString": rf"[^{_SPACES}]*",
    XSD + "token": rf"([^ {_SPACES}]+( [^ {_SPACES}]+)*)?",
    XSD + "NMTOKEN": r"[\w.:\u00b7-]+",
    XSD + "Name": r"(?!\d)[\w:][\w.:\u00b7-]*",
    XSD + "NCName": r"(?!\d)\w[\w.\u00b7-]*",
    OWL + "rational": r"[+-]?[0-9]+/0*[1-9][0-9]*",
}
_BOUNDS: dict[str, tuple[float, float]] = {
    XSD + "integer": (-float("inf"), float("inf")),
    XSD + "nonNegativeInteger": (0, float("inf")),
    XSD + "positiveInteger": (1, float("inf")),
    XSD + "nonPositiveInteger": (-float("inf"), 0),
    XSD + "negativeInteger": (-float("inf"), -1),
    **{XSD + name: (-(2**bits), 2**bits - 1) for name, bits in
       (("long", 63), ("int", 31), ("short", 15), ("byte", 7))},
    **{XSD + "unsigned" + name: (0, 2**bits - 1) for name, bits in
       (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}  # fmt: skip


def is_well_formed(literal: ox.Literal) -> bool:
    """Return whether a literal's text is one of its datatype; True where nothing is known of it.

    >>> is_well_formed(ox.Literal("-1", datatype=ox.NamedNode(XSD + "nonNegativeInteger")))
    False
    """
    datatype, text = literal.datatype.value, literal.value
    if datatype in _BOUNDS:
        low, high = _BOUNDS[datatype]
        return re.fullmatch(_INTEGER, text) is not None and low <= int(text) <= high
    if datatype in _CHECKS:
        return _CHECKS[datatype](text)
    form = _FORMS.get(datatype)
    return form is None or re.fullmatch(form, text) is not None


def _is_time(text: str) -> bool:
    """Whether a text is a moment of xsd:dateTime (XML Schema 1.1 Datatypes, section 3.3.7)."""
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    if not 1 <= month <= 12:
        return False
    last = calendar.monthrange(2000 + year % 400, month)[1]  # leap years come again after 400
    midnight = hour == 24 and not minute and not second and not int(found[7] or 0)
    ahead = 60 * int(found[9] or 0) + int(found[10] or 0)
    return (
        1 <= day <= last
        and (hour < 24 or midnight)
        and max(minute, second, int(found[10] or 0)) < 60
        and ahead <= 14 * 60
    )


def _is_stamp(text: str) -> bool:
    return _is_time(text) and re.search(r"(Z|[+-]\d\d:\d\d)$", text) is not None


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace(" ", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    XSD + "dateTime": _is_time,
    XSD + "dateTimeStamp": _is_stamp,
    XSD + "base64Binary": _is_base64,
}
