"""Pictures of what goes wrong before and in a call, and of what is told about it."""

import time

from playwright.sync_api import Page, expect

from scripts.screenshots import PATIENT, SPECIALIST
from scripts.studio import CUTTABLE, SIZES, Studio, button, keep

FAIL = """
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (wanted) {
  if (!(KINDS).some((kind) => wanted[kind])) return open.call(this, wanted);
  return Promise.reject(new DOMException("WORDS", "ERROR"));
};
"""
BOTH = "['audio', 'video']"
# The picture's name, the browser's error and its words, and which devices fail.
TROUBLES = [
    ("blocked", "NotAllowedError", "no", BOTH),
    ("system", "NotAllowedError", "denied by system", BOTH),
    ("in-use", "NotReadableError", "no", BOTH),
    ("none-found", "NotFoundError", "no", BOTH),
    ("camera-in-use", "NotReadableError", "no", "['video']"),
    ("no-microphone", "NotFoundError", "no", "['audio']"),
    ("two-troubles", "TypeError", "no", BOTH),
]
UNSUPPORTED = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
INSECURE = "Object.defineProperty(window, 'isSecureContext', { value: false });"
BARE_FRAME = """<!doctype html><meta name="viewport" content="width=device-width">
<title>My clinic</title><style>body { margin: 1rem; font: 1rem system-ui; background: #eee }
iframe { width: 100%; height: 80vh; border: 0 }</style><h1>My clinic</h1>
<iframe src="ADDRESS" allow="camera 'none'; microphone 'none'; autoplay"></iframe>"""


def picture_devices(studio: Studio) -> None:
    """The page before the call, for each reason why there is no picture or no sound."""
    url = studio.room()["url"]
    for name, error, words, kinds in TROUBLES:
        script = FAIL.replace("KINDS", kinds).replace("WORDS", words).replace("ERROR", error)
        _keep_trouble(studio, name, script, url)
    _keep_trouble(studio, "unsupported", UNSUPPORTED, url)
    _keep_trouble(studio, "insecure", INSECURE + UNSUPPORTED, url)
    _picture_question(studio, url)
    _picture_frame(studio, url)


def _keep_trouble(studio: Studio, name: str, script: str, url: str) -> None:
    page = studio.person()
    page.add_init_script(script)
    page.goto(url)
    expect(page.get_by_role("alert").first).to_be_visible()
    keep(page, f"prejoin-{name}")
    page.context.close()


def _picture_question(studio: Studio, url: str) -> None:
    """The browser's question was closed without an answer."""
    page = studio.person()
    page.context.clear_permissions()
    script = FAIL.replace("KINDS", BOTH).replace("WORDS", "dismissed")
    page.add_init_script(script.replace("ERROR", "NotAllowedError"))
    page.add_init_script("navigator.permissions.query = async () => ({ state: 'prompt' })")
    page.goto(url)
    expect(page.get_by_role("alert").first).to_be_visible()
    keep(page, "prejoin-dismissed")
    page.context.close()


def _picture_frame(studio: Studio, url: str) -> None:
    """A page around the call keeps the permission for itself."""
    page = studio.person()
    around = f"{studio.clinic.demo['base_url']}/my-clinic"
    body = BARE_FRAME.replace("ADDRESS", url)
    page.route(around, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(around)
    alert = page.frames[1].get_by_role("alert")
    expect(alert).to_contain_text("not allowed here")
    keep(page, "prejoin-frame")
    page.context.close()


def picture_notices(studio: Studio) -> None:
    """What somebody in a call is told: muted, silent, unplugged, short of time."""
    extension = {"properties": {"enable_call_extension": True}}
    studio.ask("POST", "/v1/", extension)
    room = studio.room(exp=int(time.time()) + 290, eject_at_room_exp=True)
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.inside(studio.person(PATIENT), studio.link(room, "Ben Ionescu"))
    expect(ada.locator("[data-participant]")).to_have_count(2)
    expect(ada.get_by_role("button", name="+10 minutes")).to_be_visible()
    keep(ada, "countdown")
    button(ada, "+10 minutes")
    expect(ben.locator(".notice").get_by_text("ten minutes more")).to_be_visible()
    keep(ben, "prolonged")
    button(ben, "Close")
    button(ada, "People")
    button(ada, "Mute Ben Ionescu")
    expect(ben.get_by_text("A host muted your microphone")).to_be_visible()
    keep(ben, "muted")
    button(ada, "Lock the call")
    keep(ada, "locked")
    ben.evaluate("document.querySelector('.tile-own video').srcObject.getTracks()[0].stop()")
    fail = FAIL.replace("KINDS", BOTH).replace("ERROR", "NotFoundError")
    ben.evaluate(f"() => {{{fail}}}")
    ben.evaluate(
        "document.querySelector('.tile-own video').srcObject.getTracks()[0]"
        ".dispatchEvent(new Event('ended'))"
    )
    expect(ben.get_by_text("Your camera was disconnected")).to_be_visible()
    keep(ben, "unplugged")
    studio.ask("POST", "/v1/", {"properties": {"enable_call_extension": None}})
    for page in (ada, ben):
        page.context.close()
    _picture_last_seconds(studio)


def _picture_last_seconds(studio: Studio) -> None:
    room = studio.room(exp=int(time.time()) + 50, eject_at_room_exp=True)
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.inside(studio.person(PATIENT), studio.link(room, "Ben Ionescu"))
    expect(ben.locator("[data-participant]")).to_have_count(2)
    keep(ben, "last-seconds")
    for page in (ada, ben):
        page.context.close()


def picture_lines(studio: Studio) -> None:
    """The server cannot be reached: before, while waiting, and in a call; and somebody is gone."""
    room = studio.room()
    link = studio.link(room, "Dr. Ada Popescu", is_owner=True)
    ben, cleo, stuck = (_cuttable(studio) for _ in range(3))
    stuck.add_init_script("window.isCut = true")
    stuck.goto(link)
    expect(stuck.get_by_text("The server does not answer")).to_be_visible()
    keep(stuck, "unreachable")
    cleo.goto(room["url"])
    cleo.get_by_role("textbox", name="Your name").fill("Cleo Marin")
    button(cleo, "Ask to join")
    expect(cleo.get_by_text("Waiting to be let in")).to_be_visible()
    cleo.evaluate("cut()")
    expect(cleo.get_by_text("Reconnecting…")).to_be_visible()
    keep(cleo, "lobby-reconnecting")
    cleo.context.close()
    ada = studio.inside(studio.person(SPECIALIST), link)
    studio.inside(ben, studio.link(room, "Ben Ionescu"))
    expect(ben.locator("[data-participant]")).to_have_count(2)
    ben.wait_for_timeout(2000)
    ben.evaluate("cut()")
    expect(ben.get_by_text("Reconnecting…")).to_be_visible()
    keep(ben, "reconnecting")
    ada.set_viewport_size(SIZES["1440"])
    ben.evaluate("for (const connection of connections) connection.close()")
    expect(ada.get_by_text("Connection lost.")).to_be_visible()
    keep(ada, "somebody-lost")
    for page in (ada, ben, stuck):
        page.context.close()


def _cuttable(studio: Studio) -> Page:
    person = studio.person(PATIENT)
    person.add_init_script(CUTTABLE)
    person.add_init_script("""
        window.connections = [];
        window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(configuration) {
            super(configuration);
            window.connections.push(this);
          }
        };
    """)
    return person
