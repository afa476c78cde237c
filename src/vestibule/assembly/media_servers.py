"""The STUN and TURN servers that browsers are told to use, for those who try them."""

import time

from vestibule.rooms.calls.relays import Relays
from vestibule.settings import IceServer, Settings


def media_servers(settings: Settings, *, asked_by: str) -> list[IceServer]:
    """Those with passwords that stay, and those with a password for `asked_by`, for an hour."""
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else ""
    relays = Relays(turn_urls=settings.turn_urls, turn_secret=secret)
    personal = [IceServer(**each.model_dump()) for each in relays.of(asked_by, time.time())]
    return [*settings.ice_servers, *personal]
