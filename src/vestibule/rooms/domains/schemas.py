"""What the Rooms API answers about a domain (reference 13)."""

from typing import Any

from pydantic import BaseModel


class DomainAnswer(BaseModel):
    """A domain. `config` holds what differs from the defaults; so far nothing can."""

    domain_name: str
    domain_id: str
    config: dict[str, Any]
