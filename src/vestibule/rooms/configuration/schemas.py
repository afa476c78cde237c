"""What `/v1` takes and answers (reference 13)."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from vestibule.rooms.configuration.properties import DomainProperties
from vestibule.rooms.definitions.properties import ShapeOf, given


class ConfigurationRequest(BaseModel):
    """What to change about a domain; what is not given stays, null puts back to the default."""

    model_config = ConfigDict(extra="forbid")

    properties: DomainProperties = Field(examples=[{"lang": "de", "enable_knocking": True}])

    @property
    def said(self) -> dict[str, Any]:
        return given(self.properties)


class ChangedDomainAnswer(BaseModel):
    """A domain. `config` holds every property with the value that holds."""

    domain_name: str = Field(examples=["clinic"])
    config: Annotated[dict[str, Any], ShapeOf(DomainProperties)] = Field(
        examples=[{"lang": "de", "enable_knocking": True}]
    )


class DomainAnswer(ChangedDomainAnswer):
    """A domain and its id, which is the claim `d` of self-signed meeting tokens."""

    domain_id: str = Field(examples=["8d7a0f0e-2f9f-4c62-a29c-5f0c3e6f2a11"])
