"""The SQL of join links."""

from typing import Any

from sqlalchemy import Row, insert, select

from vestibule.appointments.join_links.model import LinkedAppointment
from vestibule.appointments.model import Status, Window
from vestibule.appointments.organizations.model import Kind
from vestibule.appointments.schema import appointments, join_links, organizations, people
from vestibule.foundation.database import Transaction


def insert_link(
    tx: Transaction, *, appointment_id: int, role: Kind, token_hash: str, key_id: str
) -> None:
    """Add a person's link, by its hash."""
    tx.run(
        insert(join_links).values(
            token_hash=token_hash,
            appointment_id=appointment_id,
            role=role,
            key_id=key_id,
            created_at=tx.now,
        )
    )


def find_linked(tx: Transaction, token_hash: str) -> LinkedAppointment | None:
    """The appointment behind a link; None if the link is wrong or the appointment was deleted."""
    specialist, patient = people.alias("specialist"), people.alias("patient")
    row = tx.run(
        select(
            appointments,
            join_links.c.role,
            specialist.c.name.label("specialist_name"),
            patient.c.name.label("patient_name"),
            organizations.c.name.label("organization_name"),
            organizations.c.language,
        )
        .join(join_links, join_links.c.appointment_id == appointments.c.id)
        .join(organizations, organizations.c.id == appointments.c.organization_id)
        .join(specialist, specialist.c.id == appointments.c.specialist_id)
        .join(patient, patient.c.id == appointments.c.patient_id)
        .where(join_links.c.token_hash == token_hash, appointments.c.deleted_at.is_(None))
    ).one_or_none()
    return row and _linked(row)


def _linked(row: Row[Any]) -> LinkedAppointment:
    names = {"specialist": row.specialist_name, "patient": row.patient_name}
    ids = {"specialist": row.specialist_id, "patient": row.patient_id}
    other = "patient" if row.role == "specialist" else "specialist"
    return LinkedAppointment(
        appointment_id=row.id,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        role=row.role,
        person_id=ids[row.role],
        your_name=names[row.role],
        other_name=names[other],
        status=Status(row.status),
        started_at=row.started_at,
        ended_at=row.ended_at,
        version=row.version,
        language=row.language,
        window=Window(row.opens_at, row.closes_at, row.locks_early),
        room_name=row.videocall_room_name,
        room_url=row.videocall_room_url,
    )
