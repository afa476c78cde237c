"""What the routes of API keys take and answer."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from vestibule.appointments.fields import Line, utc_text
from vestibule.appointments.organizations.model import KeyOnFile


class ApiKeyRequest(BaseModel):
    """The key to use from now on. Without `base_url` the rooms are this installation's own."""

    model_config = ConfigDict(extra="forbid")

    service: Literal["daily"] = "daily"
    api_key: Annotated[str, Field(min_length=8, max_length=512, pattern=r"^[\x21-\x7e]+$")]
    base_url: Line | None = None


class ApiKeyAnswer(BaseModel):
    """A key, of which only the last four characters are shown."""

    service: str
    base_url: str | None
    api_key: str
    master_key_id: str
    updated_at: str

    @classmethod
    def of(cls, key: KeyOnFile) -> Self:
        return cls(**{**vars(key), "updated_at": utc_text(key.updated_at)})


class ApiKeysAnswer(BaseModel):
    """The keys of an organization."""

    data: list[ApiKeyAnswer]


class DeletedKeyAnswer(BaseModel):
    """The key is gone."""

    deleted: bool = True
