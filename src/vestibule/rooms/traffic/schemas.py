"""What the log of requests answers (reference 9)."""

from typing import Self

from pydantic import BaseModel, Field

from vestibule.rooms.traffic.model import ApiRequest


class ApiRequestAnswer(BaseModel):
    """One request. `request` and `response` are JSON as text, without secrets and people."""

    id: str = Field(examples=["01a1fd90-b403-73bf-beb2-8d91e625565d"])
    userId: None = None  # noqa: N815 - Daily's own name; API keys belong to no person
    domainId: str = Field(  # noqa: N815
        examples=["8d7a0f0e-2f9f-4c62-a29c-5f0c3e6f2a11"]
    )
    source: str = "api"
    ip: str | None = Field(examples=["192.0.2.7"])
    method: str = Field(examples=["POST"])
    url: str = Field(examples=["/v1/rooms"])
    status: int = Field(examples=[200])
    createdAt: str = Field(  # noqa: N815
        description="ISO 8601, UTC, milliseconds.", examples=["2026-11-21T10:30:00.123Z"]
    )
    request: str | None = Field(examples=['{"name": "example-room"}'])
    response: str | None = Field(examples=["{}"])

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
