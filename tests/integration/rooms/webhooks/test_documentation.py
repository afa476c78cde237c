"""The samples of docs/webhooks.md verify what the server really sends, and nothing else."""

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.servers.webhook_receiver import Received, WebhookReceiver
from vestibule.foundation.clock import SystemClock
from vestibule.rooms.outbox.model import ID_PREFIXES
from vestibule.rooms.webhooks.model import RetryType, Target
from vestibule.rooms.webhooks.sender import Sender

ROOT = Path(__file__).parents[4]
GUIDE = (ROOT / "docs" / "webhooks.md").read_text()
SECRET = "c2VjcmV0IG9mIHRoZSBjbGluaWM="

Verify = Callable[[Received, str], bool]


def sample(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found, f"the guide has no sample in {language}"
    return found[1]


@pytest.fixture(params=["python", "typescript"])
def verify(request: pytest.FixtureRequest, tmp_path: Path) -> Verify:
    """The guide's check in one language."""
    return in_python() if request.param == "python" else in_typescript(tmp_path)


def in_python() -> Verify:
    names: dict[str, Any] = {}
    exec(sample("python"), names)
    check = names["is_genuine"]
    return lambda received, secret: bool(check(received.headers, received.body, secret))


def in_typescript(folder: Path) -> Verify:
    (folder / "sample.ts").write_text(sample("typescript"))
    options = ["--target", "es2022", "--module", "esnext", "--lib", "es2022,dom", "--strict"]
    compiled = subprocess.run(
        [ROOT / "web/node_modules/.bin/tsc", *options, "--types", "", folder / "sample.ts"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert compiled.returncode == 0, compiled.stdout
    (folder / "sample.js").rename(folder / "sample.mjs")
    (folder / "run.mjs").write_text(
        'import { isGenuine } from "./sample.mjs";\n'
        'import { readFileSync } from "node:fs";\n'
        "const { headers, body, secret } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const raw = new Uint8Array(Buffer.from(body, 'hex'));\n"
        "console.log(await isGenuine(new Headers(headers), raw, secret));\n"
    )

    def check(received: Received, secret: str) -> bool:
        given = {"headers": received.headers, "body": received.body.hex(), "secret": secret}
        ran = subprocess.run(
            ["node", str(folder / "run.mjs")],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip() == "true"

    return check


async def test_the_samples_accept_what_is_sent_and_refuse_what_was_changed(
    receiver: WebhookReceiver, verify: Verify
) -> None:
    sender = Sender(clock=SystemClock(), allow_private_targets=True)
    target = Target(url=receiver.url, hmac=SECRET, basic_auth=None)
    await sender.post(target, {"payload": {"user_name": "Ana Păun", "duration": 2.0}})
    (received,) = receiver.received
    assert verify(received, SECRET)
    assert not verify(received, "b3RoZXI=")
    assert not verify(replace(received, body=received.body + b" "), SECRET)
    for header, value in [
        ("x-webhook-timestamp", "1"),
        ("x-webhook-timestamp", ""),
        ("x-webhook-signature", ""),
        ("x-webhook-signature", "no base64!"),
    ]:
        headers = {**received.headers, header: value}
        assert not verify(replace(received, headers=headers), SECRET)


async def test_the_samples_refuse_a_signed_message_that_is_old(
    receiver: WebhookReceiver, verify: Verify
) -> None:
    past = FakeClock(SystemClock().now() - timedelta(minutes=6))
    sender = Sender(clock=past, allow_private_targets=True)
    await sender.post(Target(url=receiver.url, hmac=SECRET, basic_auth=None), {})
    assert not verify(receiver.received[0], SECRET)


def test_the_guide_names_every_type_that_is_emitted_and_every_way_to_retry() -> None:
    for name in [*ID_PREFIXES, *RetryType]:
        assert f"`{name.value}`" in GUIDE
