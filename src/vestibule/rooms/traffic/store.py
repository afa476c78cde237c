"""The SQL of the request log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select

from vestibule.foundation.database import Transaction
from vestibule.rooms.definitions.model import OLDEST
from vestibule.rooms.schema import api_requests
from vestibule.rooms.traffic.model import ApiRequest, LogPage


def insert_requests(tx: Transaction, requests: Sequence[ApiRequest]) -> None:
    """Add what was asked."""
    tx.run(insert(api_requests), [dict(vars(request)) for request in requests])


def page_of_requests(tx: Transaction, domain_id: str, page: LogPage) -> list[ApiRequest]:
    """One page of a domain's log, newest first. Ids sort by age."""
    statement = select(api_requests).where(api_requests.c.domain_id == domain_id).limit(page.limit)
    if page.url is not None:
        begins = [
            api_requests.c.url.startswith(f"{below}{page.url}", autoescape=True)
            for below in ("", "/v1")
        ]
        statement = statement.where(or_(*begins))
    if page.starting_after is not None:
        statement = statement.where(api_requests.c.id < page.starting_after)
    if page.ending_before is not None:
        newer = statement
        if page.ending_before != OLDEST:
            newer = statement.where(api_requests.c.id > page.ending_before)
        rows = tx.run(newer.order_by(api_requests.c.id)).all()[::-1]
    else:
        rows = tx.run(statement.order_by(api_requests.c.id.desc())).all()
    return [ApiRequest(**row._mapping) for row in rows]


def forget_requests(tx: Transaction, *, before: datetime, beyond: int) -> None:
    """Remove what is older than `before`, and all but the newest `beyond` rows."""
    tx.run(delete(api_requests).where(api_requests.c.created_at < before))
    newest = select(api_requests.c.id).order_by(api_requests.c.id.desc())
    last = tx.run(newest.offset(beyond).limit(1)).scalar_one_or_none()
    if last is not None:
        tx.run(delete(api_requests).where(api_requests.c.id <= last))
