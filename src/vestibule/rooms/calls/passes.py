"""The passes of recorders: nobody invites a recorder to a call, the server itself sends it."""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from vestibule.foundation.encryption import Keyring
from vestibule.foundation.signed_texts import SignedTexts

PURPOSE: Final = "recorder"


@dataclass(frozen=True)
class RecorderPass:
    """Lets one recorder into one room, as often as it has to come back."""

    recording_id: str
    """Also the session id of the recorder."""
    room_id: str
    since: float
    """Unix seconds from which on it counts as having joined, whenever it connects."""


_pass: Final = TypeAdapter(RecorderPass)


class Passes:
    """Signs passes and reads them back."""

    def __init__(self, keyring: Keyring) -> None:
        self._texts = SignedTexts(keyring, PURPOSE)

    def sign(self, granted: RecorderPass, *, until: float) -> str:
        """A text that proves the pass until then (unix seconds)."""
        return self._texts.sign(_pass.dump_json(granted).decode(), until=until)

    def read(self, text: str, now: float) -> RecorderPass | None:
        """The pass, if we have signed it and it is not over."""
        content = self._texts.read(text, now)
        return None if content is None else _pass.validate_json(content)
