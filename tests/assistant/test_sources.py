"""Works are cited with what is known of them, and facts have their places."""

from __future__ import annotations

from smegraph.assistant.asking import Asker
from smegraph.assistant.sources import citations, cite, places
from smegraph.namespaces import ID

KNOWN = dict.fromkeys(("title", "year", "journal", "volume", "issue", "pages", "doi"))


def test_authors_come_in_their_order_and_the_doi_is_a_link(asker: Asker) -> None:
    (found,) = citations(asker, [ID + "work-acs-et-al-2021"])
    assert found["citation"].startswith("Acs, Z.J., ")
    assert "(2021)" in found["citation"]
    assert found["doi"] == "https://doi.org/10.1007/s11187-021-00561-x"


def test_a_work_of_which_little_is_known_is_cited_by_its_label() -> None:
    assert cite({**KNOWN, "label": "Doe (2020)"}, []) == "Doe (2020)"
    assert cite({**KNOWN, "label": "Doe", "title": "On firms"}, []) == "Doe. On firms."


def test_a_fact_and_a_thing_have_places(asker: Asker) -> None:
    found = places(asker, [ID + "finding-arnone-deprince-abstract-psychic-distance"])
    assert found[0]["place"] == "Abstract"
    assert places(asker, [ID + "firm-movy"])
    assert places(asker, []) == []
