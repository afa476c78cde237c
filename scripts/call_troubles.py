"""Pictures of what keeps people out of a call, or ends it."""

import time

from playwright.sync_api import Page, expect

from scripts.screenshots import PATIENT, SPECIALIST
from scripts.studio import Studio, button, keep

TROUBLES = {
    "blocked": ("NotAllowedError", "no"),
    "system": ("NotAllowedError", "denied by system"),
    "in-use": ("NotReadableError", "no"),
    "none-found": ("NotFoundError", "no"),
}


def picture_devices(studio: Studio) -> None:
    """The page before the call, for each reason why there is no picture and no sound."""
    url = studio.room()["url"]
    for name, (kind, words) in TROUBLES.items():
        page = studio.person()
        page.add_init_script(
            "MediaDevices.prototype.getUserMedia = async () => {"
            f"throw new DOMException('{words}', '{kind}')}}"
        )
        page.goto(url)
        expect(page.get_by_role("alert").first).to_be_visible()
        keep(page, f"prejoin-{name}")
        page.context.close()
    page = studio.person()
    page.goto(f"{studio.clinic.demo['base_url']}/nothing-here")
    expect(page.get_by_text("This room does not exist")).to_be_visible()
    keep(page, "no-room")
    page.context.close()


def picture_endings(studio: Studio) -> None:
    """Denied, removed, early, full, too late."""
    room = studio.room(max_participants=3)
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.person(PATIENT)
    ben.goto(room["url"])
    ben.get_by_role("textbox", name="Your name").fill("Ben Ionescu")
    button(ben, "Ask to join")
    button(ada, "Deny")
    _keep_when(ben, "You were not let in", "denied")
    ben = studio.inside(studio.person(PATIENT), studio.link(room, "Ben Ionescu"))
    button(ada, "People")
    button(ada, "Remove Ben Ionescu")
    ada.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    _keep_when(ben, "You were removed", "removed")
    late = studio.room(exp=int(time.time()) + 15, eject_at_room_exp=True)
    over = studio.inside(studio.person(PATIENT), studio.link(late, "Ben Ionescu"))
    _keep_when(over, "The call has ended", "time-over")
    early = studio.person()
    early.goto(studio.link(studio.room(nbf=int(time.time()) + 5000), "Ben Ionescu"))
    _keep_when(early, "This room is not open yet", "early")
    ada.context.close()


def _keep_when(page: Page, words: str, state: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=60_000)
    keep(page, state)
    page.context.close()
