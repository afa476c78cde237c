"""The STUN and TURN servers that browsers are told to use."""

import time

from vestibule.rooms.calls.relays import Relays
from vestibule.rooms.calls.views import IceServer as ToldServer
from vestibule.settings import IceServer, Settings


def relays(settings: Settings) -> Relays:
    """What the settings say of these servers."""
    return Relays(
        [ToldServer(**server.model_dump()) for server in settings.ice_servers],
        turn_urls=settings.turn_urls,
        turn_secret=settings.turn_secret.get_secret_value() if settings.turn_secret else "",
    )


def media_servers(settings: Settings, *, asked_by: str) -> list[IceServer]:
    """Those with passwords that stay, and those with a password for `asked_by`, for an hour."""
    told = relays(settings).of(asked_by, time.time())
    return [IceServer(**server.model_dump()) for server in told]
