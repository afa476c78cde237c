"""Pictures of what ends a call, and of who does not come in."""

import time

from playwright.sync_api import Page, expect

from scripts.screenshots import PATIENT, SPECIALIST
from scripts.studio import CUTTABLE, Studio, button, keep


def picture_refusals(studio: Studio) -> None:
    """Too early, too late, full, private, somebody else's link."""
    now = int(time.time())
    room, other = studio.room(), studio.room()
    token = studio.link(other, "Ben Ionescu").partition("?t=")[2]
    over = studio.room(exp=now + 2)
    short = studio.link(room, "Ben Ionescu", exp=now + 2)
    full = studio.room(max_participants=1)
    ada = studio.inside(studio.person(SPECIALIST), studio.link(full, "Dr. Ada Popescu"))
    refusals = {
        "no-room": (f"{studio.clinic.demo['base_url']}/nothing", "This room does not exist"),
        "early": (studio.link(studio.room(nbf=now + 5000), "Ben"), "This room is not open yet"),
        "token-early": (studio.link(room, "Ben", nbf=now + 90_000), "You are early"),
        "full": (studio.link(full, "Ben"), "The call is full"),
        "private": (studio.room(enable_knocking=False)["url"], "You cannot enter this room"),
        "foreign": (f"{room['url']}?t={token}", "does not belong to this room"),
        "over": (over["url"], "This room does not exist any more"),
        "token-over": (short, "Your invitation has ended"),
    }
    for state, (address, words) in refusals.items():
        page = studio.person()
        page.goto(address)
        _keep_when(page, words, state)
    ada.context.close()


def picture_endings(studio: Studio) -> None:
    """Denied, removed for good, over, closed, gone on elsewhere, broken."""
    room = studio.room(enforce_unique_user_ids=True)
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.person(PATIENT)
    ben.goto(room["url"])
    ben.get_by_role("textbox", name="Your name").fill("Ben Ionescu")
    button(ben, "Ask to join")
    button(ada, "Deny")
    _keep_when(ben, "You were not let in", "denied")
    link = studio.link(room, "Ben Ionescu", user_id="ben")
    ben = studio.inside(studio.person(PATIENT), link)
    elsewhere = studio.inside(studio.person(PATIENT), link)
    _keep_when(ben, "The call goes on elsewhere", "replaced")
    button(ada, "People")
    button(ada, "Remove Ben Ionescu")
    ada.get_by_role("dialog").get_by_role("button", name="Remove for good").click()
    _keep_when(elsewhere, "You were removed", "removed")
    back = studio.person()
    back.goto(link)
    _keep_when(back, "removed from it for good", "banned")
    studio.ask("DELETE", f"/v1/rooms/{room['name']}", {})
    _keep_when(ada, "The room was closed", "closed")
    late = studio.room(exp=int(time.time()) + 15, eject_at_room_exp=True)
    over = studio.inside(studio.person(PATIENT), studio.link(late, "Ben Ionescu"))
    _keep_when(over, "The call has ended", "time-over")
    _picture_the_appointment(studio)
    broken = studio.person()
    broken.add_init_script(CUTTABLE)
    studio.inside(broken, studio.link(studio.room(), "Ben Ionescu"))
    broken.evaluate("window.lines.at(-1).send('?')")
    _keep_when(broken, "Something went wrong", "broken")


def _picture_the_appointment(studio: Studio) -> None:
    """Whoever comes by the link of an appointment finds the way back to it."""
    ben = studio.person(PATIENT)
    ben.goto(studio.clinic.demo["patient_url"])
    button(ben, "Join Video Call")
    expect(ben.get_by_role("button", name="Ask to join")).to_be_visible()
    ben.wait_for_timeout(800)
    keep(ben, "prejoin-appointment")
    button(ben, "Ask to join")
    button(ben, "Leave")
    _keep_when(ben, "You left", "left-appointment")


def _keep_when(page: Page, words: str, state: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=60_000)
    keep(page, state)
    page.context.close()
