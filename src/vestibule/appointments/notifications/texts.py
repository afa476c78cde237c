"""What mail says, by language. No text names a health matter, nor what the appointment is about."""

from collections.abc import Mapping
from typing import Final

Texts = Mapping[str, str]

TEXTS: Final[Mapping[str, Texts]] = {
    "en": {
        "title": "Video appointment with {other}",
        "when": "%A, %d %B %Y, %H:%M",
        "greeting": "Hello {you},",
        "invitation.subject": "Your video appointment on {when}",
        "invitation.text": "{organization} has arranged a video appointment for you with {other}.",
        "update.subject": "New time: your video appointment on {when}",
        "update.text": "Your video appointment with {other} has been moved.",
        "cancellation.subject": "Cancelled: your video appointment on {when}",
        "cancellation.text": "Your video appointment with {other} has been cancelled.",
        "reminder.subject": "Reminder: your video appointment on {when}",
        "reminder.text": "Your video appointment with {other} is soon.",
        "recording.subject": "The recording of your appointment on {when} is ready",
        "recording.text": "The recording of your video appointment with {other} can be fetched.",
        "time": "When: {when} ({zone})",
        "link": "Join here, at that time: {link}",
        "private": "This link is yours alone. It stays the same if the appointment is moved.",
        "console": "You find it in the console: {console}",
    }
}


def texts(language: str) -> Texts:
    """The texts of a language; English if there are none."""
    return TEXTS.get(language, TEXTS["en"])
