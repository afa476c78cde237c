"""Where pages tell what they found when they tried their connection."""

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from vestibule.appointments.connection_checks.model import Proof
from vestibule.appointments.connection_checks.service import ConnectionCheckService
from vestibule.foundation.api_document import failing
from vestibule.foundation.routing import Routes


class CheckRequest(BaseModel):
    """What was found; no address, nothing of the device."""

    model_config = ConfigDict(extra="forbid")

    proof: Proof = Field(
        description="The best way that works: over a media server, directly, within the own "
        "network alone, or none."
    )


class CheckAnswer(BaseModel):
    """It is kept."""

    recorded: bool = True


def routes(checks: ConnectionCheckService) -> Routes:
    """`POST /a/{link}/connection`."""
    router = Routes(prefix="/a/{link}", tags=["join links"])

    @router.post("/connection", responses=failing(429))
    async def tell_connection(link: str, body: CheckRequest, response: Response) -> CheckAnswer:
        """Tell what the page of this link found, so that staff can help."""
        response.headers["Cache-Control"] = "no-store"
        await checks.tell(link, body.proof)
        return CheckAnswer()

    return router
