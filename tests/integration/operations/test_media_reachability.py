"""The diagnosis of an appointment tries the media servers as its call would use them."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.servers.coturn import Coturn
from vestibule.appointments.connection_checks.service import ConnectionCheckService
from vestibule.appointments.diagnosis.service import DiagnosisService
from vestibule.assembly import Vestibule, build
from vestibule.assembly.media_servers import media_servers
from vestibule.settings import IceServer, Settings

pytestmark = [pytest.mark.timeout(240)]


@asynccontextmanager
async def clinic(folder: Path) -> AsyncIterator[tuple[Vestibule, int, int]]:
    """An installation with an appointment in a room of its own."""
    vestibule = build(Settings(data=folder), clock=(clock := FakeClock()))
    half, domain = vestibule.appointments, await vestibule.rooms.domains.primary()
    of = (await half.organizations.create("Clinic")).id
    key = await vestibule.rooms.domains.create_key(domain.id, "appointments")
    await half.organizations.set_integration(of, base_url=None, api_key=key)
    add = half.organizations.create_person
    specialist, patient = [await add(of, kind=k, name=k) for k in ("specialist", "patient")]
    booked = await half.lifecycle.create(
        of,
        specialist_id=specialist.id,
        patient_id=patient.id,
        started_at=clock.now() + timedelta(minutes=5),
        ended_at=clock.now() + timedelta(minutes=35),
    )
    await half.lifecycle.move(of, booked.id, "onboard")
    yield vestibule, of, booked.id
    await vestibule.stop()


async def test_media_servers_are_really_tried(tmp_path: Path) -> None:
    turn = Coturn()
    turn.start()
    right: dict[str, Any] = {"turn_urls": turn.urls, "turn_secret": turn.secret}
    stun = IceServer(urls=[f"stun:127.0.0.1:{turn.port}"])
    with ExitStack() as running:
        running.callback(turn.stop)
        async with clinic(tmp_path / "data") as (vestibule, of, booked):
            database = vestibule.shared.database
            links = vestibule.appointments.join_links
            connections = ConnectionCheckService(database=database, join_links=links)

            async def media(**told: Any) -> Any:
                settings = Settings(data=tmp_path, **told)
                half = vestibule.appointments
                diagnosis = DiagnosisService(
                    appointments=half.lifecycle,
                    organizations=half.organizations,
                    videocalls=half.videocalls,
                    reports=half.reports,
                    connections=connections,
                    clock=vestibule.shared.clock,
                    media_servers=partial(media_servers, settings, asked_by="ada"),
                )
                return next(each for each in await diagnosis.of(of, booked) if each.name == "media")

            assert (await media()).outcome == "unknown"
            found = await media(**right, ice_servers=[stun])
            assert (found.outcome, found.fix) == ("pass", None)
            assert [stun.urls[0] in found.says, turn.urls[1] in found.says] == [True, True]
            refused = await media(**{**right, "turn_secret": "mistyped"})
            assert (refused.outcome, turn.urls[0] in refused.says) == ("fail", True)
            assert "does not let us in" in refused.says
            running.close()
            silent = await media(**right, ice_servers=[stun])
            assert (silent.outcome, "does not answer" in silent.says) == ("fail", True)
