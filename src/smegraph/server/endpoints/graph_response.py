"""A graph as a response, whole or in parts as it is computed."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from smegraph.server.endpoints.refusals import kind_of
from smegraph.server.endpoints.reply import send_result
from smegraph.server.engine.engine import Answer
from smegraph.server.engine.errors import EngineError
from smegraph.server.http.errors import ClientGone
from smegraph.server.http.exchange import Exchange
from smegraph.server.http.fields import request_fields
from smegraph.server.http.problems import HttpProblem
from smegraph.server.http.request_record import record_of


class GraphResponse(StreamingResponse):
    """A graph, sent as the results of queries are: in parts, and for HEAD without them."""

    def __init__(self, answer: Answer, headers: Mapping[str, str], send_timeout: float) -> None:
        """Take what the engine answered, all headers, and how long a client may take nothing."""
        super().__init__((), headers=headers)
        self._answer, self._send_timeout = answer, send_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and close the answer whatever comes."""
        record, answer = record_of(scope), self._answer
        fields = request_fields(scope)
        exchange = Exchange(scope, receive, send, fields, record, self._send_timeout)
        try:
            await send_result(exchange, self.raw_headers, answer.body, answer.parts)
        except HttpProblem as problem:
            record.outcome = problem.kind
            vary = (b"vary", self.headers["vary"].encode())
            await problem.send(send, method=scope["method"], headers=(vary,))
        except ClientGone:
            record.outcome = "client-gone"
        except EngineError as error:
            record.outcome = kind_of(error)
        finally:
            await answer.close()
