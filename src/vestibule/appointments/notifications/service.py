"""Decides on mail in the transaction of the fact, and sends it afterwards, at least once."""

from datetime import timedelta
from typing import Any, Final

import structlog

from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.model import Appointment
from vestibule.appointments.notifications import calendar, store
from vestibule.appointments.notifications.model import (
    MAX_ATTEMPTS,
    Addresses,
    Facts,
    Notification,
    after_unsent,
    calendar_entry,
    is_reminded,
    mail,
    retry_after,
    worth_telling,
)
from vestibule.appointments.notifications.model import Kind as MailKind
from vestibule.appointments.notifications.smtp import Mailer
from vestibule.appointments.organizations.model import KINDS, Kind
from vestibule.appointments.organizations.service import get_organization, get_person
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.settings import Settings

LEASE_SECONDS: Final = 120.0

log = structlog.get_logger()


class NotificationService:
    """The use cases of mail. Without a mail server nothing is noted and nothing sent."""

    def __init__(
        self,
        *,
        database: Database,
        join_links: JoinLinkService,
        mailer: Mailer,
        clock: Clock,
        ids: Ids,
        settings: Settings,
    ) -> None:
        self._database = database
        self._join_links = join_links
        self._mailer = mailer
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self.loop = Loop("mail", self.step)

    def changed(
        self, tx: Transaction, before: Appointment | None, after: Appointment | None
    ) -> None:
        """Call in the transaction that made, changed or deleted an appointment."""
        kind = worth_telling(before, after)
        appointment = after or before
        if not self._mailer.is_set_up or appointment is None:
            return
        if kind is not None:
            for role in KINDS:
                self._tell(tx, appointment, role, kind)
        elif not is_reminded(appointment):
            store.drop_reminders(tx, appointment.id)
        tx.after_commit(self.loop.wake)

    def _tell(self, tx: Transaction, appointment: Appointment, role: Kind, kind: MailKind) -> None:
        facts = _facts(tx, appointment, role)
        if facts is None:
            return
        number = (appointment.organization_id, appointment.id)
        unsent, was_tried = store.take_back(tx, appointment.id, role)
        told = after_unsent(unsent, was_tried=was_tried, kind=kind)
        if told is None:
            return
        store.insert_notification(tx, number, role, told, facts, due_at=tx.now)
        reminded_at = facts.started_at - timedelta(minutes=self._settings.mail_reminder_minutes)
        if kind != "cancellation" and reminded_at > tx.now:
            store.insert_notification(tx, number, role, "reminder", facts, due_at=reminded_at)

    def recording_ready(self, tx: Transaction, organization_id: int, appointment_id: int) -> None:
        """Call in the transaction that learns of a finished recording: tells the specialist."""
        row = store.find_recorded(tx, organization_id, appointment_id)
        if row is None or not self._mailer.is_set_up:
            return
        facts = _facts(tx, row, "specialist")
        if facts is not None:
            number = (organization_id, appointment_id)
            store.insert_notification(tx, number, "specialist", "recording", facts, due_at=tx.now)
            tx.after_commit(self.loop.wake)

    async def step(self) -> bool:
        """Send the mail that is most overdue; False if there is none."""
        if not self._mailer.is_set_up:
            return False
        row = await self._database.write(
            lambda tx: store.claim(tx, lease=self._ids.uuid(), lease_seconds=LEASE_SECONDS)
        )
        if row is None:
            return False
        notification = store.notification(row)
        problem, is_final = await self._send(notification)
        now = self._clock.now()
        is_late = notification.attempts >= MAX_ATTEMPTS
        due_at = None
        if problem is not None and not is_final and not is_late:
            due_at = now + retry_after(notification.attempts)
        await self._database.write(
            lambda tx: store.settle(
                tx, row, due_at=due_at, problem=problem, is_sent=problem is None
            )
        )
        return True

    async def _send(self, notification: Notification) -> tuple[str | None, bool]:
        """Why it could not be sent, and whether that is for good."""
        facts = notification.facts
        at = self._addresses(
            notification.organization_id,
            notification.appointment_id,
            notification.role,
            facts.link_key_id,
        )
        try:
            await self._mailer.send(mail(notification, at, now=self._clock.now()))
        except (TemporaryError, PermanentError) as error:
            log.warning("mail_not_sent", notification=notification.id, problem=error.reason)
            return error.reason, isinstance(error, PermanentError)
        except Exception:
            log.exception("mail_failed", notification=notification.id)
            return "something went wrong on our side; the server's log says what", False
        return None, False

    async def calendar_file(self, link: str) -> bytes:
        """The appointment behind a join link, for the person's calendar."""
        view = await self._join_links.look(link)
        linked = view.appointment
        number = (linked.organization_id, linked.appointment_id)
        url = self._join_links.url_of(link)
        at = Addresses(self._settings.mail_from or "", self._settings.public_url, url)
        facts = Facts(
            to="",
            your_name=linked.your_name,
            other_name=linked.other_name,
            organization_name=linked.organization_name,
            started_at=linked.started_at,
            ended_at=linked.ended_at,
            version=linked.version,
            timezone="UTC",
            language=linked.language,
            link_key_id="",
        )
        is_cancelled = view.state in ("cancelled", "no-show")
        return calendar.write(
            calendar_entry(number, facts, at, now=view.now, is_cancelled=is_cancelled)
        )

    def _addresses(self, of: int, appointment_id: int, role: Kind, key_id: str) -> Addresses:
        link = self._join_links.url(of, appointment_id, role, key_id)
        return Addresses(self._settings.mail_from or "", self._settings.public_url, link)


def _facts(tx: Transaction, appointment: Appointment | Any, role: Kind) -> Facts | None:
    """What a mail to this person says; None if the person has no address."""
    people = {
        kind: get_person(tx, appointment.organization_id, getattr(appointment, f"{kind}_id"))
        for kind in KINDS
    }
    you, other = people[role], people["patient" if role == "specialist" else "specialist"]
    if you is None or other is None or you.email is None:
        return None
    organization = get_organization(tx, appointment.organization_id)
    return Facts(
        to=you.email,
        your_name=you.name,
        other_name=other.name,
        organization_name=organization.name,
        started_at=appointment.started_at,
        ended_at=appointment.ended_at,
        version=appointment.version,
        timezone=organization.timezone,
        language=organization.language,
        link_key_id=appointment.link_key_id,
        sender_name=organization.mail_name,
        reply_to=organization.mail_reply_to,
    )
