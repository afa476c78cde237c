"""Ten minutes more in the call of an appointment: its window follows (decision 0047)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import Visitors
from vestibule.appointments.join_links.service import LinkClosed
from vestibule.appointments.model import Appointment
from vestibule.rooms.definitions.model import Room


@dataclass
class Visit:
    """An appointment of half an hour with its room here, 25 minutes after it began."""

    installation: Installation
    booked: Appointment

    @property
    def name(self) -> str:
        return f"restartix-{self.booked.organization_id}-{self.booked.id}"

    async def now(self) -> Appointment:
        lifecycle = self.installation.vestibule.appointments.lifecycle
        return await lifecycle.get(self.booked.organization_id, self.booked.id)

    async def room(self) -> Room:
        rooms = self.installation.vestibule.rooms
        return await rooms.definitions.get((await rooms.domains.primary()).id, self.name)

    async def sweep(self) -> None:
        """Compare the rooms, and do what follows."""
        half = self.installation.vestibule.appointments
        self.installation.clock.advance(timedelta(seconds=700))
        while await half.sweep.step():
            pass
        while await half.reconciler.step():
            await half.reconciler.finish_attempts()

    async def events(self) -> list[str]:
        audit = self.installation.vestibule.appointments.audit
        told = await audit.list(self.booked.organization_id, self.booked.id)
        return [each.event for each in told if each.event.startswith("videocall.room_")]

    async def link(self) -> str:
        links = self.installation.vestibule.appointments.join_links
        return links.links(await self.now()).specialist.rpartition("/")[2]


@pytest.fixture
async def visit(installation: Installation) -> Visit:
    rooms, half = installation.vestibule.rooms, installation.vestibule.appointments
    domain = await rooms.domains.primary()
    strict = {"enable_call_extension": True, "eject_at_room_exp": True}
    await rooms.configurations.change(domain.id, strict)
    of = (await half.organizations.create("Clinic")).id
    key = await rooms.domains.create_key(domain.id, "appointments")
    await half.organizations.set_integration(of, base_url=None, api_key=key)
    add = half.organizations.create_person
    specialist, patient = [await add(of, kind=k, name=k) for k in ("specialist", "patient")]
    booked = await half.lifecycle.create(
        of,
        specialist_id=specialist.id,
        patient_id=patient.id,
        started_at=installation.clock.now() + timedelta(minutes=5),
        ended_at=installation.clock.now() + timedelta(minutes=35),
    )
    booked = await half.lifecycle.move(of, booked.id, "onboard")
    installation.clock.advance(timedelta(minutes=30))
    return Visit(installation, booked)


async def test_the_window_of_an_appointment_follows_when_its_call_is_prolonged(
    visit: Visit, visitor: Visitors
) -> None:
    ends = visit.booked.window.closes_at + timedelta(minutes=10)
    ada = await visitor()
    token = await visit.installation.token(visit.name, is_owner=True)
    await ada.joins("Ada", room=visit.name, token=token)
    await ada.say("extend")
    await ada.hear("extended")
    prolonging = visit.installation.vestibule.appointments.prolonging

    assert await prolonging.step(), "the call told of it at once"

    assert (await visit.now()).window.closes_at == ends
    assert (await visit.now()).ended_at == visit.booked.ended_at
    assert await visit.events() == ["videocall.room_created", "videocall.room_prolonged"]
    visit.installation.clock.advance(timedelta(minutes=7))
    links = visit.installation.vestibule.appointments.join_links
    assert await links.enter(await visit.link()), "whoever comes only now gets in"
    await visit.sweep()
    assert (await visit.now()).room.state == "none"
    with pytest.raises(LinkClosed):
        await links.enter(await visit.link())


async def test_a_sweep_after_the_old_end_sends_nobody_out_of_a_prolonged_call(
    visit: Visit, visitor: Visitors
) -> None:
    ends = visit.booked.window.closes_at + timedelta(minutes=10)
    ada = await visitor()
    token = await visit.installation.token(visit.name, is_owner=True)
    await ada.joins("Ada", room=visit.name, token=token)
    await ada.say("extend")
    await ada.hear("extended")
    await ada.hear("resume")
    half = visit.installation.vestibule.appointments
    half.prolonging._heard.clear()  # a crash

    await visit.sweep()

    assert (await visit.room()).exp == int(ends.timestamp())
    assert (await visit.now()).window.closes_at == ends
    assert (await visit.events())[-1] == "videocall.room_prolonged"
    await ada.hears_nothing()


async def test_an_end_that_is_put_off_with_nobody_inside_is_put_back(visit: Visit) -> None:
    exp = int(visit.booked.window.closes_at.timestamp())
    half = visit.installation.vestibule.appointments
    visit.installation.clock.advance(-timedelta(minutes=20))
    await visit.installation.change_room(visit.name, properties={"exp": exp + 600})

    await visit.sweep()

    assert (await visit.room()).exp == exp
    assert (await visit.now()).window == visit.booked.window
    assert half.prolonging is not None
