"""A process that receives webhooks and has, in each room, one trouble; then it accepts all.

It writes down every request, and that it will accept it, before it answers.
"""

import asyncio
import base64
import json
import os
import sys
from pathlib import Path

from tests.servers.webhook_receiver import (
    Behaviour,
    Received,
    WebhookReceiver,
    answer,
    hang_up,
    never_answer,
)

DEADLY = "is-deadly"
ELSEWHERE = "/elsewhere"
TROUBLES: dict[str, Behaviour] = {
    "is-slow": never_answer,
    "answers-500": answer(500, b"sorry"),
    "answers-404": answer(404),
    "redirects": answer(302, Location=ELSEWHERE),
    "hangs-up": hang_up,
    DEADLY: hang_up,
}
"""By the name of the room whose first event meets it."""


async def _run(port: int, log: Path) -> None:
    receiver = WebhookReceiver()
    receiver.port = port

    def behave(received: Received) -> Behaviour:
        room = received.message.get("payload", {}).get("room")
        had_trouble = log.exists() and f'"room": "{room}"' in log.read_text()
        trouble = None if had_trouble else TROUBLES.get(room)
        note = {
            "room": room,
            "accepted": trouble is None,
            "path": received.path,
            "headers": dict(received.headers),
            "body": base64.b64encode(received.body).decode(),
        }
        with log.open("a") as file:
            file.write(json.dumps(note) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if trouble is not None and room == DEADLY:
            os._exit(1)
        return trouble or answer()

    receiver.behave = behave
    await receiver.start()
    print(receiver.port, flush=True)  # noqa: T201 - tells the parent that it is ready
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), Path(sys.argv[2])))
