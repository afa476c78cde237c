"""What a route depends on so that its request may be sent again."""

from typing import Annotated

from fastapi import Depends, Header, Request

from vestibule.appointments.idempotency.model import Once


async def once(
    request: Request, idempotency_key: Annotated[str | None, Header()] = None
) -> Once | None:
    """The request under its `Idempotency-Key`; None if it has none."""
    if idempotency_key is None:
        return None
    path, body = request.url.path, await request.body()
    return Once.of(idempotency_key, method=request.method, path=path, body=body)


AskedOnce = Annotated[Once | None, Depends(once)]
