"""What the meeting-token routes take and answer (reference 6.1)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from vestibule.rooms.definitions.properties import TokenProperties, given


class TokenRequest(BaseModel):
    """A token to make. Without properties it opens every room of the domain, for ever."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "properties": {
                        "room_name": "example-room",
                        "exp": 2556144000,
                        "is_owner": True,
                        "user_name": "Dr. Ada",
                    }
                }
            ]
        },
    )

    properties: TokenProperties | None = None

    @property
    def said(self) -> dict[str, Any]:
        return given(self.properties) if self.properties else {}


class TokenAnswer(BaseModel):
    """A meeting token."""

    token: str = Field(
        description="JWT, signed with HS256.",
        examples=["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x"],
    )
