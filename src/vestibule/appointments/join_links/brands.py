"""Under whose brand the page of a join link is shown, as the organization's provider says."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.branding import Brand, read_brand
from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import PermanentError, TemporaryError

KEPT: Final = timedelta(minutes=5)
KEPT_AFTER_FAILURE: Final = timedelta(minutes=1)
PATIENCE_SECONDS: Final = 1.5  # a page without a brand is better than none


class Brands:
    """The brands of organizations. A provider that fails leaves the last one, or none."""

    def __init__(self, *, videocalls: VideocallService, clock: Clock) -> None:
        self._videocalls = videocalls
        self._clock = clock
        self._known: dict[int, tuple[Brand | None, datetime]] = {}

    async def of(self, organization_id: int) -> Brand | None:
        """The organization's brand; None if it has none, or it cannot be learned now."""
        brand, until = self._known.get(organization_id, (None, None))
        now = self._clock.now()
        if until is not None and now < until:
            return brand
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                brand = read_brand(await self._videocalls.branding(organization_id))
            until = now + KEPT
        except (TimeoutError, TemporaryError, PermanentError):
            until = now + KEPT_AFTER_FAILURE
        self._known[organization_id] = (brand, until)
        return brand
