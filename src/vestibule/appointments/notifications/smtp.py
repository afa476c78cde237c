"""Hands mail to the installation's mail server."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Final

from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.settings import Settings

TIMEOUT_SECONDS: Final = 20.0


class Mailer:
    """One connection for each message: they are few, and a broken one holds up nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def is_set_up(self) -> bool:
        """Whether this installation sends mail."""
        return self._settings.mail_host is not None and self._settings.mail_from is not None

    async def send(self, message: EmailMessage) -> None:
        """Hand over; TemporaryError if it may work later, PermanentError if it will not."""
        await asyncio.to_thread(self._send, message)

    async def probe(self) -> None:
        """Sign in and name our sender, and send nothing; raises what smtplib raises."""
        await asyncio.to_thread(self._probe)

    def _probe(self) -> None:
        with self._connection() as server:
            server.ehlo_or_helo_if_needed()
            code, said = server.mail(self._settings.mail_from or "")
            if code != 250:
                raise smtplib.SMTPSenderRefused(code, said, self._settings.mail_from or "")
            server.rset()

    def _send(self, message: EmailMessage) -> None:
        try:
            with self._connection() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise _failure(code, "the address was refused") from error
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, "the mail server refused the message") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryError(
                f"the mail server cannot be reached ({type(error).__name__})"
            ) from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        settings = self._settings
        host, port = settings.mail_host or "", settings.mail_port
        tls = ssl.create_default_context()
        server: smtplib.SMTP
        if settings.mail_security == "tls":
            server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=tls)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        with server:
            if settings.mail_security == "starttls":
                server.starttls(context=tls)
            if settings.mail_username and settings.mail_password:
                server.login(settings.mail_username, settings.mail_password.get_secret_value())
            yield server


def _failure(code: int, what: str) -> TemporaryError | PermanentError:
    kind = PermanentError if 500 <= code < 600 else TemporaryError
    return kind(f"{what} ({code})")
