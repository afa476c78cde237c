"""What the log of requests answers (reference 9)."""

from typing import Self

from pydantic import BaseModel

from vestibule.rooms.traffic.model import ApiRequest


class ApiRequestAnswer(BaseModel):
    """One request. `request` and `response` are JSON as text, without secrets and people."""

    id: str
    userId: None = None  # noqa: N815 - Daily's own name; API keys belong to no person
    domainId: str  # noqa: N815
    source: str = "api"
    ip: str | None
    method: str
    url: str
    status: int
    createdAt: str  # noqa: N815
    request: str | None
    response: str | None

    @classmethod
    def of(cls, noted: ApiRequest) -> Self:
        return cls(
            id=noted.id,
            domainId=noted.domain_id,
            ip=noted.ip,
            method=noted.method,
            url=noted.url,
            status=noted.status,
            createdAt=noted.created_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            request=noted.request,
            response=noted.response,
        )
