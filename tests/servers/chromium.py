"""The machine's own Chromium, with a camera and a microphone that play a test picture and beeps."""

import shutil

NAMES = ["chromium", "chromium-browser", "google-chrome"]

FLAGS = [
    # a camera, a microphone and a screen, all allowed without asking
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream=fps=30",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    # calls work where there is no network but the loopback (a closed CI machine)
    "--allow-loopback-in-peer-connection",
    # several pages take part in a call at once, though only one is in front
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    # nothing but our own servers is ever asked for anything
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *localhost",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # containers have a small /dev/shm, and root no sandbox
    "--disable-dev-shm-usage",
    "--no-sandbox",
]


def program() -> str:
    """Where Chromium is."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise RuntimeError("Chromium is missing: run scripts/test-prerequisites")
