"""What terms stand for at a place of a text, as the engine itself reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from smegraph.sparql.tokens import prefixes_in

_NOTHING: Final = pyoxigraph.Store()


def terms_meant(
    texts: Iterable[str], declared: str, prefixes: Mapping[str, str], base: str | None
) -> list[NamedNode | Literal | Triple] | None:
    """Return the terms that texts stand for, or None where the engine refuses one.

    Args:
        texts: IRIs, names and literals as they are written.
        declared: the prologue before them.
        prefixes: what need not be declared.
        base: where relative IRIs start; without it they are refused.

    >>> terms_meant(["ex:a", "<b>"], "PREFIX ex: <urn:>", {}, "http://e.org/")
    [<NamedNode value=urn:a>, <NamedNode value=http://e.org/b>]
    """
    rows = " ".join(f"({number} {text})" for number, text in enumerate(texts))
    asked = f"{declared}\nSELECT ?n ?term {{ VALUES (?n ?term) {{ {rows} }} }}"
    try:
        found = _NOTHING.query(asked, base_iri=base, prefixes=prefixes_in(asked, prefixes))
    except SyntaxError:
        return None
    assert isinstance(found, pyoxigraph.QuerySolutions)
    by_number = {int(number.value): term for number, term in found}
    return [by_number[number] for number in range(len(by_number))]
