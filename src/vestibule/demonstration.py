"""A demonstration clinic: one specialist, one patient, one appointment that can be joined now."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vestibule.accounts.users.model import Role
from vestibule.accounts.users.service import EmailTaken
from vestibule.appointments.lifecycle.model import Selection
from vestibule.appointments.model import Appointment, Status
from vestibule.assembly import Vestibule
from vestibule.foundation.clock import SystemClock
from vestibule.running import run_server
from vestibule.settings import Settings

STARTS_IN = timedelta(minutes=5)
LASTS = timedelta(minutes=30)
NAME = "Restartix Clinic"
ACTOR = "demonstration"
ADMIN_EMAIL = "admin@restartix.example"
SPECIALIST = ("Dr. Ada Popescu", "ada.popescu@restartix.example")
PATIENT = ("Ben Ionescu", "ben.ionescu@restartix.example")


@dataclass(frozen=True)
class Demonstration:
    """What a person or a program needs to use the demonstration."""

    base_url: str
    api_key: str
    domain: str
    admin_email: str
    admin_password: str
    organization_id: int
    organization_token: str
    appointment_id: int
    specialist_url: str
    patient_url: str

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/v1"

    @property
    def console_url(self) -> str:
        return f"{self.base_url}/console"

    def as_json(self) -> dict[str, Any]:
        """The line that `vestibule demo --json` prints."""
        return {
            "api_url": self.api_url,
            "api_key": self.api_key,
            "domain": self.domain,
            "base_url": self.base_url,
            "console_url": self.console_url,
            "admin": {"email": self.admin_email, "password": self.admin_password},
            "organization_id": self.organization_id,
            "organization_token": self.organization_token,
            "appointment_id": self.appointment_id,
            "specialist_url": self.specialist_url,
            "patient_url": self.patient_url,
        }


@dataclass
class Clinic:
    """The demonstration's credentials, kept in its folder so that a second run shows them again."""

    api_key: str
    admin_password: str
    organization_id: int
    organization_token: str
    specialist_id: int
    patient_id: int


def run_demonstration(settings: Settings, *, announce: Callable[[Demonstration], None]) -> None:
    """Serve the demonstration clinic until Ctrl-C; `announce` is called once it is ready."""
    shown: list[Demonstration] = []

    async def prepare(vestibule: Vestibule) -> None:
        clinic = read_clinic(settings.data) or await open_clinic(vestibule)
        await empower_administrator(vestibule, clinic)
        shown.append(await show(vestibule, clinic))

    run_server(settings, prepare=prepare, announce=lambda _base_url: announce(shown[0]))


def clinic_file(data: Path) -> Path:
    return data / "demonstration.json"


def read_clinic(data: Path) -> Clinic | None:
    """The clinic of an earlier run in this folder."""
    try:
        return Clinic(**json.loads(clinic_file(data).read_text()))
    except (OSError, ValueError, TypeError):  # none yet, or cut short: it is made again
        return None


async def open_clinic(vestibule: Vestibule) -> Clinic:
    """Make the clinic, its people and its credentials, or what an interrupted run left of it."""
    domain = await vestibule.rooms.domains.primary()
    api_key = await vestibule.rooms.domains.create_key(domain.id, "demonstration")
    existing = await vestibule.appointments.organizations.list()
    organization = next(
        (each for each in existing if each.name == NAME), None
    ) or await vestibule.appointments.organizations.create(name=NAME)
    await vestibule.appointments.organizations.set_integration(
        organization.id, base_url=None, api_key=api_key
    )
    specialist = await vestibule.appointments.organizations.create_person(
        organization.id, kind="specialist", name=SPECIALIST[0], email=SPECIALIST[1]
    )
    patient = await vestibule.appointments.organizations.create_person(
        organization.id, kind="patient", name=PATIENT[0], email=PATIENT[1]
    )
    password = secrets.token_urlsafe(12)
    try:
        await vestibule.shared.users.create(ADMIN_EMAIL, "Clinic administrator", password)
    except EmailTaken:
        await vestibule.shared.users.set_password(ADMIN_EMAIL, password)
    clinic = Clinic(
        api_key=api_key,
        admin_password=password,
        organization_id=organization.id,
        organization_token=await vestibule.appointments.organizations.create_token(
            organization.id, "demonstration", role="admin"
        ),
        specialist_id=specialist.id,
        patient_id=patient.id,
    )
    keep_clinic(vestibule.shared.settings.data, clinic)
    return clinic


async def empower_administrator(vestibule: Vestibule, clinic: Clinic) -> None:
    """Open the whole console to the administrator: the clinic, and the domain of its rooms."""
    users = vestibule.shared.users
    admin = await users.find_by_email(ADMIN_EMAIL)
    domain = await vestibule.rooms.domains.primary()
    await users.grant(admin.id, f"organization:{clinic.organization_id}", Role.ADMIN)
    await users.grant(admin.id, domain.scope, Role.OWNER)


def keep_clinic(data: Path, clinic: Clinic) -> None:
    """Write the credentials where only this user reads them, and all or nothing."""
    draft = clinic_file(data).with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(vars(clinic), file)
    draft.replace(clinic_file(data))


async def show(vestibule: Vestibule, clinic: Clinic) -> Demonstration:
    """What to open: the appointment of an earlier run if it lasts a while yet, else a new one."""
    appointment = await find_open(vestibule, clinic) or await book(vestibule, clinic)
    links = vestibule.appointments.join_links.links(appointment)
    domain = await vestibule.rooms.domains.primary()
    return Demonstration(
        base_url=vestibule.shared.settings.public_url,
        api_key=clinic.api_key,
        domain=domain.name,
        admin_email=ADMIN_EMAIL,
        admin_password=clinic.admin_password,
        organization_id=clinic.organization_id,
        organization_token=clinic.organization_token,
        appointment_id=appointment.id,
        specialist_url=links.specialist,
        patient_url=links.patient,
    )


async def find_open(vestibule: Vestibule, clinic: Clinic) -> Appointment | None:
    """An upcoming appointment that can be joined now, and for ten minutes more."""
    now = SystemClock().now()
    page = await vestibule.appointments.lifecycle.list(
        clinic.organization_id,
        Selection(status=Status.UPCOMING, started_from=now - LASTS, started_before=now + STARTS_IN),
    )
    lasting = [each for each in page.data if each.ended_at > now + timedelta(minutes=10)]
    return lasting[0] if lasting else None


async def book(vestibule: Vestibule, clinic: Clinic) -> Appointment:
    """Book an appointment that starts in five minutes, so that its links work at once."""
    starts = whole_minute(SystemClock().now()) + STARTS_IN
    booked = await vestibule.appointments.lifecycle.create(
        clinic.organization_id,
        specialist_id=clinic.specialist_id,
        patient_id=clinic.patient_id,
        started_at=starts,
        ended_at=starts + LASTS,
        by=ACTOR,
    )
    return await vestibule.appointments.lifecycle.move(
        clinic.organization_id, booked.id, "onboard", by=ACTOR
    )


def whole_minute(now: datetime) -> datetime:
    """The last whole minute; starts and ends of appointments read better without seconds."""
    return now.replace(second=0, microsecond=0)
