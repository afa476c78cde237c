"""People get mail and calendar entries of what concerns them, and nothing twice (issue: links)."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import Clinic, Installation, opened_clinic
from tests.servers.mail_server import MailServer, running_mail_server
from vestibule.settings import Settings

HEALTH_WORDS = ("health", "medical", "doctor", "therap", "treatment", "diagnos", "patient", "ill")


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def mailing(mail_server: MailServer) -> Settings:
    mail_server.messages.clear()
    mail_server.answers.clear()
    return Settings(
        provider_time_budget_seconds=30,
        provider_rate_limits=False,
        mail_host="127.0.0.1",
        mail_port=mail_server.port,
        mail_security="none",
        mail_from="appointments@clinic.example",
        base_url="https://video.clinic.example",
    )


@pytest.fixture
async def practice(
    database_url: str, clock: FakeClock, daily: Daily, mailing: Settings
) -> AsyncIterator[Clinic]:
    server = Installation(database_url, clock, mailing)
    async with opened_clinic(server, "Practice", daily.url) as clinic:
        clinic.specialist = await server.organizations.create_person(
            clinic.organization.id, kind="specialist", name="Ada Popescu", email="ada@x.example"
        )
        await server.organizations.change(clinic.organization.id, timezone="Europe/Bucharest")
        yield clinic
    await server.close()


async def sent(clinic: Clinic, mail_server: MailServer) -> list[EmailMessage]:
    while await clinic.server.notifications.step():
        pass
    return mail_server.taken()


def calendar_of(message: EmailMessage) -> dict[str, str]:
    """The lines of the calendar entry in a message, unfolded."""
    part = next(each for each in message.walk() if each.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return {name.partition(";")[0]: rest for name, _, rest in (x.partition(":") for x in lines)}


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


async def test_the_life_of_an_appointment_in_mail(
    practice: Clinic, mail_server: MailServer, clock: FakeClock
) -> None:
    booked = await practice.book(status="booked", **hours(practice, 3))
    assert await sent(practice, mail_server) == [], "nothing is settled yet"
    appointment = await practice.move(booked, "onboard")
    invitations = await sent(practice, mail_server)
    assert {each["To"] for each in invitations} == {"ada@x.example", "ben@mail.example"}
    to_ben = next(each for each in invitations if each["To"] == "ben@mail.example")
    assert to_ben["Subject"] == "Your video appointment on Saturday, 21 November 2026, 15:00"
    assert to_ben["From"] == "Practice <appointments@clinic.example>"
    assert appointment["patient_url"] in body_of(to_ben)
    assert appointment["specialist_url"] not in body_of(to_ben)
    assert "Europe/Bucharest" in body_of(to_ben)
    first = calendar_of(to_ben)
    assert (first["METHOD"], first["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert (first["DTSTART"], first["DTEND"]) == ("20261121T130000Z", "20261121T133000Z")
    assert first["UID"].endswith("@video.clinic.example")

    await practice.move(appointment, "confirm")
    assert await sent(practice, mail_server) == []
    await practice.reschedule(appointment, 24 * 60)
    updates = await sent(practice, mail_server)
    assert [each["Subject"] for each in updates] == [
        "New time: your video appointment on Sunday, 22 November 2026, 12:00"
    ] * 2
    moved = calendar_of(updates[0])
    assert moved["UID"] == first["UID"]
    assert int(moved["SEQUENCE"]) > int(first["SEQUENCE"])

    clock.advance(timedelta(hours=22, minutes=59))
    assert await sent(practice, mail_server) == []
    clock.advance(timedelta(minutes=2))
    reminders = await sent(practice, mail_server)
    assert len(reminders) == 2
    assert reminders[0]["Subject"].startswith("Reminder")
    await practice.move(appointment, "cancel")
    cancelled = [calendar_of(each) for each in await sent(practice, mail_server)]
    assert [(each["METHOD"], each["STATUS"]) for each in cancelled] == [("CANCEL", "CANCELLED")] * 2
    assert int(cancelled[0]["SEQUENCE"]) > int(moved["SEQUENCE"])
    for message in [*invitations, *updates, *reminders]:
        said = f"{message['Subject']} {body_of(message)}".lower()
        assert not any(word in said.split() for word in HEALTH_WORDS)
        assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            "ro",
            "Programarea dumneavoastră video de sâmbătă, 21 noiembrie 2026, 15:00",
            "v-a stabilit o programare video cu",
        ),
        ("de", "Ihr Videotermin am Samstag, 21. November 2026, 15:00", "Guten Tag"),
        ("fr", "Votre rendez-vous vidéo du samedi 21 novembre 2026, 15:00", "Bonjour"),
        ("es", "Su cita por vídeo del sábado, 21 de noviembre de 2026, 15:00", "Hola"),
    ],
)
async def test_mail_speaks_the_language_and_bears_the_name_of_the_organization(
    practice: Clinic, mail_server: MailServer, language: str, subject: str, body: str
) -> None:
    await practice.server.organizations.change(
        practice.organization.id,
        language=language,
        mail_name="Recepție, Dr. Ada",
        mail_reply_to="desk@practice.example",
    )
    await practice.book(**hours(practice, 3))
    for message in await sent(practice, mail_server):
        assert message["Subject"] == subject
        assert body in body_of(message)
        [sender] = message["From"].addresses
        assert sender.display_name == "Recepție, Dr. Ada"
        assert sender.addr_spec == "appointments@clinic.example"
        assert message["Reply-To"] == "desk@practice.example"
        assert calendar_of(message)["METHOD"] == "REQUEST"


def hours(clinic: Clinic, from_now: float) -> dict[str, Any]:
    return {
        "started_at": clinic.in_minutes(60 * from_now).isoformat(),
        "ended_at": clinic.in_minutes(60 * from_now + 30).isoformat(),
    }


async def test_nobody_is_reminded_of_what_does_not_take_place(
    practice: Clinic, mail_server: MailServer, clock: FakeClock
) -> None:
    gone = await practice.book(**hours(practice, 3))
    missed = await practice.book(**hours(practice, 3))
    await practice.delete(gone)
    await practice.move(missed, "no-show")
    await sent(practice, mail_server)
    clock.advance(timedelta(hours=2, minutes=5))
    assert await sent(practice, mail_server) == []


async def test_what_was_never_sent_needs_no_cancellation(
    practice: Clinic, mail_server: MailServer
) -> None:
    appointment = await practice.book(**hours(practice, 3))
    await practice.reschedule(appointment, 300)
    assert len(await sent(practice, mail_server)) == 2, "one invitation each, for the new time"
    other = await practice.book(**hours(practice, 3))
    await practice.move(other, "cancel")
    assert await sent(practice, mail_server) == []


async def test_mail_waits_for_a_server_that_is_busy_and_gives_up_on_a_wrong_address(
    practice: Clinic, mail_server: MailServer, clock: FakeClock
) -> None:
    mail_server.answers = ["451 try later", "550 no such person"]
    await practice.book(**hours(practice, 9))
    assert await sent(practice, mail_server) == []
    assert await sent(practice, mail_server) == [], "not at once again"
    clock.advance(timedelta(minutes=1))
    late = await sent(practice, mail_server)
    assert len(late) == 1
    clock.advance(timedelta(hours=4))
    assert await sent(practice, mail_server) == []


async def test_two_servers_send_each_mail_once(
    practice: Clinic, database_url: str, clock: FakeClock, mail_server: MailServer
) -> None:
    import asyncio

    peer = Installation(database_url, clock, practice.server.settings)
    for _ in range(4):
        await practice.book(**hours(practice, 3))
    await asyncio.gather(*(each.notifications.step() for each in [practice.server, peer] * 8))
    rest = await sent(practice, mail_server)
    await peer.close()
    assert len({each["Message-ID"] for each in rest}) == len(rest) == 8


async def test_the_calendar_file_behind_a_link_follows_the_appointment(practice: Clinic) -> None:
    appointment = await practice.book(**hours(practice, 3))
    link = appointment["patient_url"]
    file = await practice.open.get(f"{link}/appointment.ics")
    assert file.status_code == 200
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "STATUS:CONFIRMED" in file.text
    assert link in file.text.replace("\r\n ", "")
    await practice.move(appointment, "cancel")
    assert "STATUS:CANCELLED" in (await practice.open.get(f"{link}/appointment.ics")).text
    assert (await practice.open.get(f"{link}x/appointment.ics")).status_code == 404


async def test_without_a_mail_server_nothing_is_noted(clinic: Clinic) -> None:
    await clinic.book()
    assert await clinic.server.notifications.step() is False
