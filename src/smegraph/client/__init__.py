"""The client for Python: `smegraph.connect` opens a service, a release or a file of RDF."""

from rdflib import URIRef as IRI

from smegraph.client.connection import Connection
from smegraph.client.errors import (
    BrokenTransfer,
    CannotConnect,
    ClientError,
    DeadlineExceeded,
    IncompleteAnswer,
    InvalidBinding,
    LimitExceeded,
    MalformedQuery,
    MissingLibrary,
    NotAuthorized,
    ReadOnly,
    Refused,
    ServiceFailed,
    Unavailable,
    UnexpectedAnswer,
    WrongForm,
)
from smegraph.client.opening import connect
from smegraph.client.rows import Row, Rows
from smegraph.client.values import Text, Value

__all__ = [
    "IRI",
    "BrokenTransfer",
    "CannotConnect",
    "ClientError",
    "Connection",
    "DeadlineExceeded",
    "IncompleteAnswer",
    "InvalidBinding",
    "LimitExceeded",
    "MalformedQuery",
    "MissingLibrary",
    "NotAuthorized",
    "ReadOnly",
    "Refused",
    "Row",
    "Rows",
    "ServiceFailed",
    "Text",
    "Unavailable",
    "UnexpectedAnswer",
    "Value",
    "WrongForm",
    "connect",
]
