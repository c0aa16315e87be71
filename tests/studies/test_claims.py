"""Two rows with one key are one thing, or somebody is told."""

from __future__ import annotations

import pytest

from smegraph.namespaces import ID, SME
from smegraph.studies.claims import (
    ClaimedKey,
    clash_with_shared,
    clash_with_study,
    is_anonymous,
)
from smegraph.studies.index import Node

MOVY = Node(f"{ID}firm-movy", "movy", "Movy", ("Movy Oy",), frozenset([SME + "Firm"]), "here")


@pytest.mark.parametrize(
    "name", ["Firm A", "firm-3", "F1", "Case III", "Company #12", "Manager B", "Yritys Alpha", "A"]
)
def test_a_made_up_name_is_known_by_its_mark(name: str) -> None:
    assert is_anonymous(name)


@pytest.mark.parametrize(
    "name", ["Supercell", "Movy Oy", "Bell (1995)", "Chen, Y.", "ADlab", "東京"]
)
def test_a_real_name_has_no_such_mark(name: str) -> None:
    assert not is_anonymous(name)


def test_a_shared_thing_may_go_by_any_of_its_names() -> None:
    assert clash_with_shared(("MOVY OY",), MOVY, SME + "Firm", "firm") is None


@pytest.mark.parametrize(
    ("name", "class_", "says"),
    [("Skills", "Firm", 'the key of "Movy" (here).'), ("Movy", "Place", "which is no place.")],
)
def test_a_shared_thing_goes_by_no_other_name_or_class(name: str, class_: str, says: str) -> None:
    clash = clash_with_shared((name,), MOVY, SME + class_, class_.lower())
    assert clash is not None
    assert says in clash.message


@pytest.mark.parametrize(
    ("here", "there", "severity"),
    [
        (("Movy",), ("MOVY",), None),
        (("Bell 1995",), ("Bell (1995)",), None),
        (("Movy Oy", "Movy"), ("Movy",), None),
        (("東京",), ("東京",), None),
        (("東京",), ("大阪",), "error"),
        (("Movy Oy",), ("Movy",), "error"),
        (("Firm B",), ("Firm A",), "error"),
        (("Firm A",), ("Firm A",), "warning"),
    ],
)
def test_two_studies_with_one_id_have_a_name_in_common(
    here: tuple[str, ...], there: tuple[str, ...], severity: str | None
) -> None:
    clash = clash_with_study(
        ClaimedKey(here, "a row 2", False), ClaimedKey(there, "b row 2", False)
    )
    assert (clash and clash.severity) == severity
