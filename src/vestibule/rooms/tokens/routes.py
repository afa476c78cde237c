"""Meeting tokens over HTTP, as Daily's API has them (reference 6.1)."""

from typing import Annotated, Any

from fastapi import Body, Depends, Query

from vestibule.foundation.routing import Routes
from vestibule.rooms.definitions.properties import ShapeOf, TokenProperties
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.tokens.schemas import TokenAnswer, TokenRequest
from vestibule.rooms.tokens.service import TokenService

# A body may be missing, but `null` is none.
OptionalTokenRequest = Annotated[TokenRequest, Body(default_factory=TokenRequest)]


def routes(tokens: TokenService, domains: DomainService) -> Routes:
    """`/v1/meeting-tokens`."""
    # curl and others send JSON without saying so; a key in a header needs no guard against forms.
    router = Routes(prefix="/v1/meeting-tokens", tags=["meeting tokens"], strict_content_type=False)
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.post("")
    async def create_token(domain: Caller, body: OptionalTokenRequest) -> TokenAnswer:
        """Make a meeting token."""
        return TokenAnswer(token=await tokens.create(domain, body.said))

    @router.get("/{token}")
    async def read_token(
        domain: Caller,
        token: str,
        ignore_nbf: Annotated[
            bool,
            Query(alias="ignoreNbf", description="Read also a token that is not valid yet."),
        ] = False,
    ) -> Annotated[dict[str, Any], ShapeOf(TokenProperties)]:
        """What a token of this domain says, if it can be used."""
        return await tokens.read(domain, token, ignore_nbf=ignore_nbf)

    return router
