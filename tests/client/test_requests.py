"""What is asked is checked before anybody is asked."""

from __future__ import annotations

import pytest

from smegraph.client.errors import ClientError, WrongForm
from smegraph.client.requests import make_request


def test_a_request_holds_the_query_and_its_dataset() -> None:
    request = make_request("ASK", "ASK {}", None, "urn:g", ["urn:h", "urn:i"], 2.0)
    assert (request.text, request.timeout) == ("ASK {}", 2.0)
    assert (request.graphs, request.named_graphs) == (("urn:g",), ("urn:h", "urn:i"))


def test_a_byte_order_mark_goes_with_and_without_bindings() -> None:
    for bindings in (None, {"s": "x"}):
        request = make_request("ASK", "\ufeffASK { ?s ?p ?o }", bindings, None, None, None)
        assert request.text.startswith("ASK")


@pytest.mark.parametrize("text", ["SELECT * {}", "\ufeffSELECT * {}", "BASE <urn:a> CLEAR ALL"])
def test_a_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(WrongForm):
        make_request("ASK", text, None, None, None, None)


def test_a_dataset_of_no_graph_is_refused() -> None:
    with pytest.raises(ClientError, match="named_graphs names no graph"):
        make_request("ASK", "ASK {}", None, None, [], None)
