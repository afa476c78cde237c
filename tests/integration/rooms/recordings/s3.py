"""An S3 service of the tests' own: a process with real HTTP and an empty memory."""

import contextlib
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from tests.servers.vestibule import free_port

START_SECONDS = 60


@contextlib.contextmanager
def s3_service(bucket: str) -> Iterator[str]:
    """Its address, while it runs; it has this bucket."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(f"{address}/{bucket}")
        yield address
    finally:
        process.terminate()
        process.wait()


def _make_bucket(url: str) -> None:
    """As soon as the service answers."""
    signed = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"
    request = urllib.request.Request(url, method="PUT", headers={"Authorization": signed})
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < deadline, "the S3 service did not start"
            time.sleep(0.1)
        else:
            return
