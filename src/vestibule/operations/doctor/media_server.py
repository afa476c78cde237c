"""Checks of the media servers: each makes a room, and ends it again."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator

from vestibule.operations.doctor.model import Finding, failed, not_set_up, ok, reason
from vestibule.rooms.sfu.janus import UNREACHED, Janus, JanusError
from vestibule.settings import Settings

ROOM = {"request": "create", "description": "doctor", "is_private": True, "publishers": 1}


async def check_media_servers(settings: Settings) -> AsyncIterator[Finding]:
    """Whether each Janus lets us in and makes a room."""
    if settings.sfu == "none":
        said = "no VESTIBULE_SFU: browsers connect to each other, however many they are"
        yield not_set_up("janus", said)
        return
    if not settings.janus_urls:
        yield own_finding()
        return
    secret = settings.janus_api_secret
    for url in settings.janus_urls:
        yield await finding_of(url, secret.get_secret_value() if secret else None)


def own_finding() -> Finding:
    """Whether the server can run a Janus of its own; how that is, its log tells."""
    if shutil.which("janus") is None:
        fix = "install Debian's 'janus', or name your servers in VESTIBULE_JANUS_URLS"
        return failed("janus", "there is no Janus on this machine to be run", fix=fix)
    return ok("janus", "the server runs the Janus of this machine itself")


async def finding_of(url: str, secret: str | None) -> Finding:
    """What one server does."""
    try:
        janus = await Janus.open(url, secret)
    except UNREACHED as error:
        fix = "start Janus with its WebSocket transport, and let this machine reach the port"
        return failed("janus", f"{url} does not answer: {reason(error)}", fix=fix)
    reading = asyncio.create_task(janus.read())
    try:
        version = (await janus.info()).get("version_string", "of an unknown version")
        await janus.begin()
        desk = await janus.attach()
        room = (await janus.say(desk, ROOM)).data["room"]
        await janus.say(desk, {"request": "destroy", "room": room})
    except JanusError as error:
        fix = (
            "set VESTIBULE_JANUS_API_SECRET to Janus's api_secret, and see that Janus has the "
            "videoroom plugin, without an admin_key and without string_ids"
        )
        return failed("janus", f"{url} refuses us: {reason(error)}", fix=fix)
    except UNREACHED as error:
        fix = "see whether something else listens there, and look into Janus's log"
        return failed("janus", f"{url} does not go on answering: {reason(error)}", fix=fix)
    finally:
        await janus.close()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
    if secret is None:
        fix = "set api_secret in janus.jcfg, and VESTIBULE_JANUS_API_SECRET to the same"
        said = f"{url} lets in whoever reaches it, without a secret"
        return failed("janus", said, fix=fix)
    return ok("janus", f"{url} makes rooms (Janus {version})")
