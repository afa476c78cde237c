"""Takes in what pages found, by the secret of their link, and tells the diagnosis."""

from datetime import timedelta

from vestibule.appointments.connection_checks import store
from vestibule.appointments.connection_checks.model import (
    WITHIN,
    ConnectionCheck,
    Proof,
    check_rate,
)
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.foundation.database import Database, Transaction


class ConnectionCheckService:
    """The use cases of connection checks. Nothing is kept but what was found, by whom and when."""

    def __init__(self, *, database: Database, join_links: JoinLinkService) -> None:
        self._database = database
        self._join_links = join_links

    async def tell(self, link: str, proof: Proof) -> None:
        """Keep what the page behind a link found; UnknownLink, or TooManyChecks after 20 in ten
        minutes.
        """
        found = (await self._join_links.look(link)).appointment
        number, role = found.appointment_id, found.role

        def write(tx: Transaction) -> None:
            last = store.find_check(tx, number, role)
            is_new = last is None or last.counted_since <= tx.now - WITHIN
            times = 0 if last is None or is_new else last.times
            check_rate(times)
            since = tx.now if last is None or is_new else last.counted_since
            store.put_check(tx, number, role, proof, counted_since=since, times=times + 1)

        await self._database.write(write)

    async def lately(self, appointment_id: int, within: timedelta) -> list[ConnectionCheck]:
        """What each person's page last found, if that was within this time."""
        return await self._database.read(
            lambda tx: store.checks_of(tx, appointment_id, tx.now - within)
        )
