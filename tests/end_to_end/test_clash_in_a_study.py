"""One wrong row in a real study: the build is refused with the facts that clash, no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release


@pytest.mark.slow
def test_row_that_contradicts_the_ontology_is_refused_with_its_facts(
    workplace: Checkout, released: Release
) -> None:
    """Only countries have an ISO code, and no region is a country; no cell is wrong by itself."""
    former = released.current(workplace.build)
    sheet = workplace.data / "studies" / "arnone-deprince" / "places.csv"
    assert not sheet.exists()
    sheet.write_text(
        "id,label,kind,locatedIn,isoCode\nhainaut,Hainaut,region,belgium,HAI\n", "utf-8"
    )
    assert workplace.run("check").returncode == 0
    done = workplace.run("build")
    assert done.returncode == 1
    assert done.stdout == ""
    said = done.stderr.splitlines()
    reason = "These facts cannot all be true under the ontology:"
    where = "data/studies/arnone-deprince/places.csv row 2"
    place = said.index(f"smegraph: arnone-deprince: {reason}")
    assert {line.strip() for line in said[place + 1 :]} == {
        f"id:place-hainaut rdf:type sme:Region .  ({where})",
        f'id:place-hainaut sme:isoCode "HAI" .  ({where})',
    }
    assert released.current(workplace.build).path == former.path
    assert former.is_whole()
    sheet.unlink()
    assert workplace.run("build").stdout == f"Release {former.path.name} is up to date.\n"
