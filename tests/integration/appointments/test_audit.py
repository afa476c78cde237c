"""The audit of an organization: complete, in order, and unchangeable unseen."""

import pytest
from sqlalchemy import delete, select, update

from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import Clinic, Installation, opened_clinic
from vestibule.appointments.schema import audit_events


async def test_the_story_of_an_appointment_is_told_from_its_audit(clinic: Clinic) -> None:
    appointment = await clinic.book(status="booked")
    await clinic.book()
    await clinic.move(appointment, "onboard")
    await clinic.open.post(f"{appointment['specialist_url']}/enter")
    await clinic.reschedule(appointment, 10)
    await clinic.move(appointment, "cancel", reason="ill")
    events = await clinic.server.audit.list(clinic.organization.id, appointment["id"])
    assert [event.event for event in events] == [
        "appointment.created",
        "appointment.moved",
        "videocall.room_created",
        "videocall.token_generated",
        "appointment.moved",
        "videocall.room_updated",
        "appointment.moved",
        "videocall.room_deleted",
    ]
    assert events[1].details == {
        "move": "onboard",
        "old": "booked",
        "new": "upcoming",
        "reason": None,
    }
    assert events[4].details["started_at"] == "2026-11-21T10:10:00Z"
    assert events[6].details["reason"] == "ill"


@pytest.mark.parametrize(
    "tamper",
    [
        update(audit_events).where(audit_events.c.sequence == 2).values(actor="somebody"),
        update(audit_events).where(audit_events.c.sequence == 2).values(details={}),
        delete(audit_events).where(audit_events.c.sequence == 2),
    ],
)
async def test_a_change_in_the_database_is_found(clinic: Clinic, tamper: object) -> None:
    for _ in range(2):
        await clinic.book()
    assert await clinic.server.audit.verify(clinic.organization.id) is None
    await clinic.server.database.write(lambda tx: tx.run(tamper))  # type: ignore[arg-type]
    assert await clinic.server.audit.verify(clinic.organization.id) == 2


async def test_each_organization_has_a_chain_of_its_own(
    clinic: Clinic, server: Installation, daily: Daily
) -> None:
    async with opened_clinic(server, "Another Practice", daily.url) as practice:
        await clinic.book()
        await practice.book()
        await clinic.book()
        events = await server.audit.list(practice.organization.id)
        assert [event.sequence for event in events] == [1, 2, 3, 4]
        assert await server.audit.verify(practice.organization.id) is None
    assert len(await server.audit.list(clinic.organization.id)) == 6


async def test_a_refused_move_leaves_no_event(clinic: Clinic) -> None:
    appointment = await clinic.book()
    before = await clinic.server.audit.list(clinic.organization.id)
    answer = await clinic.http.post(f"{clinic.path}/{appointment['id']}/onboard")
    assert answer.status_code == 409
    assert await clinic.server.audit.list(clinic.organization.id) == before


async def test_the_audit_outlives_what_it_tells(clinic: Clinic) -> None:
    appointment = await clinic.book()
    await clinic.delete(appointment)
    assert await clinic.row(appointment) is None
    rows = await clinic.server.database.read(
        lambda tx: tx.run(select(audit_events.c.event).order_by(audit_events.c.sequence)).all()
    )
    assert [row.event for row in rows] == [
        "person.added",
        "person.added",
        "appointment.created",
        "videocall.room_created",
        "appointment.deleted",
        "videocall.room_deleted",
    ]
