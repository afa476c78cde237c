"""What the routes of API keys take and answer."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import PydanticCustomError

from vestibule.appointments.fields import Line, utc_text
from vestibule.appointments.organizations.model import KeyOnFile


def _visible(key: SecretStr) -> SecretStr:
    text = key.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise PydanticCustomError("sentence", "api_key must be visible ASCII characters")
    return key


ApiKey = Annotated[SecretStr, Field(min_length=8, max_length=512), AfterValidator(_visible)]


class ApiKeyRequest(BaseModel):
    """The key to use from now on. Without `base_url` the rooms are this installation's own."""

    model_config = ConfigDict(extra="forbid")

    service: Literal["daily"] = "daily"
    api_key: ApiKey = Field(examples=["0123456789abcdef0123456789abcdef"])
    base_url: Line | None = Field(default=None, examples=["https://api.daily.co/v1"])


class ApiKeyAnswer(BaseModel):
    """A key, of which only the last four characters are shown."""

    service: str = Field(examples=["daily"])
    base_url: str | None = Field(examples=["https://api.daily.co/v1"])
    api_key: str = Field(examples=["…9f3a"])
    master_key_id: str = Field(description="Which master key seals it.", examples=["k1"])
    updated_at: str = Field(examples=["2026-11-21T10:00:00Z"])

    @classmethod
    def of(cls, key: KeyOnFile) -> Self:
        return cls(**{**vars(key), "updated_at": utc_text(key.updated_at)})


class ApiKeysAnswer(BaseModel):
    """The keys of an organization."""

    data: list[ApiKeyAnswer]


class DeletedKeyAnswer(BaseModel):
    """The key is gone."""

    deleted: bool = True
