"""What `/v1` takes and answers (reference 13)."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from vestibule.rooms.configuration.properties import DomainProperties
from vestibule.rooms.definitions.properties import given


class ConfigurationRequest(BaseModel):
    """What to change about a domain; what is not given stays, null puts back to the default."""

    model_config = ConfigDict(extra="forbid")

    properties: DomainProperties

    @property
    def said(self) -> dict[str, Any]:
        return given(self.properties)


class ChangedDomainAnswer(BaseModel):
    """A domain. `config` holds every property with the value that holds."""

    domain_name: str
    config: dict[str, Any]


class DomainAnswer(ChangedDomainAnswer):
    """A domain and its id, which is the claim `d` of self-signed meeting tokens."""

    domain_id: str
