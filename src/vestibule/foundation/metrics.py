"""What operators watch, as Prometheus reads it. The numbers are made where things happen."""

import hmac
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from vestibule.foundation.errors import NotFound, Unauthenticated
from vestibule.foundation.http import bearer_key
from vestibule.foundation.routing import Routes


class NotThisToken(Unauthenticated):
    """The token is not the one of the setting."""


class Metrics:
    """The numbers of one installation; two in one process keep theirs apart."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._looks: list[Callable[[], Awaitable[None]]] = []

    def before_reading(self, look: Callable[[], Awaitable[None]]) -> None:
        """Have `look` called before each reading, for numbers that stand in the database."""
        self._looks.append(look)

    async def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        for look in self._looks:
            await look()
        return generate_latest(self.registry)


def routes(metrics: Metrics, *, token: str | None) -> Routes:
    """`/metrics`, for whoever has the token; without one there is no such address."""
    router = Routes(include_in_schema=False)

    @router.get("/metrics")
    async def read_metrics(request: Request) -> Response:
        if token is None:
            raise NotFound("metrics are off; set VESTIBULE_METRICS_TOKEN to have them")
        if not hmac.compare_digest(bearer_key(request).encode(), token.encode()):
            raise NotThisToken("this is not the token of VESTIBULE_METRICS_TOKEN")
        return Response(await metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router
