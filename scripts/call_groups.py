"""Pictures of calls of four and of sixteen."""

from playwright.sync_api import Page, expect

from scripts.screenshots import PATIENT, SPECIALIST
from scripts.studio import Studio, button, keep
from tests.scenarios.crowd import disperse

PEOPLE = ["Ben Ionescu", "Cleo Marin", "Dan Pop", "Eva Stan", "Florin Dinu", "Gabi Ene"]
LONG_NAME = "Prof. Dr. Alexandru-Constantin Popescu-Tăriceanu von Hohenzollern"

# From when the page says so, the browser believes that a third of what is sent gets lost.
LOSES_PACKETS = """
const measure = RTCPeerConnection.prototype.getStats;
RTCPeerConnection.prototype.getStats = async function (...of) {
  const reports = new Map(await measure.apply(this, of));
  if (!window.losing) return reports;
  const lost = { id: "lost", type: "remote-inbound-rtp", fractionLost: 0.33 };
  return reports.set("lost", lost);
};
"""


def picture_group(studio: Studio) -> None:
    """Four people, alike, with the speaker large, and with a screen in front."""
    room = studio.room()
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.inside(studio.person(PATIENT), studio.link(room, PEOPLE[0]))
    others = studio.crowd([studio.link(room, name) for name in PEOPLE[1:3]], video=True)
    expect(ada.locator("[data-participant]")).to_have_count(4)
    button(ben, "Raise hand")
    button(ada, "React")
    keep(ada, "react-menu")
    button(ada, "Heart")
    keep(ada, "four", before_each=lambda: _react(ben))
    button(ada, "More")
    button(ada, "Show the speaker large")
    ada.wait_for_timeout(500)
    keep(ada, "four-speaker")
    button(ada, "People")
    keep(ada, "four-people")
    button(ada, "Close")
    button(ben, "Share screen")
    expect(ada.get_by_text("Screen of Ben Ionescu")).to_be_visible()
    ada.wait_for_timeout(1500)
    keep(ada, "four-screen")
    keep(ben, "four-sharing")
    button(ada, "Chat")
    keep(ada, "four-screen-chat")
    for page in (ada, ben, others):
        page.context.close()


def _react(person: Page) -> None:
    button(person, "React")
    button(person, "Applause")
    person.wait_for_timeout(300)


def picture_crowd(studio: Studio) -> None:
    """Sixteen people, some with long names; three knock, and the network of the host is weak."""
    room = studio.room(max_participants=40)
    ada = studio.person(SPECIALIST)
    ada.add_init_script(LOSES_PACKETS)
    studio.inside(ada, studio.link(room, LONG_NAME, is_owner=True))
    names = [LONG_NAME, *PEOPLE, *[f"{name.split()[0]} Albu-Zamfirescu" for name in PEOPLE], "李"]
    others = studio.crowd([studio.link(room, name) for name in names], video=True)
    ben = studio.inside(studio.person(PATIENT), studio.link(room, "Ben Ionescu"))
    expect(ada.locator("[data-participant]")).to_have_count(16)
    expect(ada.get_by_text("Connecting…")).to_have_count(0)
    keep(ada, "sixteen")
    button(ada, "People")
    keep(ada, "sixteen-people")
    button(ada, "Close")
    button(ben, "Share screen")
    expect(ada.get_by_text("Screen of Ben Ionescu")).to_be_visible()
    ada.wait_for_timeout(1500)
    keep(ada, "sixteen-screen")
    button(ben, "Stop sharing")
    waiting = studio.crowd([f"{room['url']}?name={name}" for name in ("Radu", LONG_NAME, "Zoe")])
    expect(ada.get_by_role("button", name="Admit", exact=True)).to_have_count(3)
    keep(ada, "three-knocks")
    disperse(others)
    disperse(waiting)
    expect(ada.locator("[data-participant]")).to_have_count(2)
    ada.evaluate("window.losing = true")
    expect(ada.get_by_text("Your connection is weak.")).to_be_visible()
    keep(ada, "weak")
    for page in (ada, ben, others, waiting):
        page.context.close()
