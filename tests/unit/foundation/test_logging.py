"""Log lines are written together after a moment, and all of them."""

import asyncio
import io

from vestibule.foundation.logging import GATHERED_SECONDS, GatheredLines


class Stream(io.StringIO):
    """Counts how often it is written to."""

    writings = 0

    def write(self, text: str) -> int:
        self.writings += 1
        return super().write(text)


def say(lines: GatheredLines, *texts: str) -> None:
    for text in texts:
        lines.write(text + "\n")
        lines.flush()


def test_lines_of_a_loop_are_written_in_order_and_together() -> None:
    stream = Stream()
    lines = GatheredLines(stream)

    async def running() -> None:
        say(lines, "one", "two")
        assert stream.getvalue() == ""
        await asyncio.sleep(3 * GATHERED_SECONDS)
        assert stream.getvalue() == "one\ntwo\n"
        say(lines, "three")

    asyncio.run(running())
    assert stream.writings == 1
    # The loop ended before the last line's turn: what comes next brings it along.
    say(lines, "four")
    assert stream.getvalue() == "one\ntwo\nthree\nfour\n"


def test_lines_outside_a_loop_are_written_at_once() -> None:
    stream = Stream()
    say(GatheredLines(stream), "one")
    assert stream.getvalue() == "one\n"


def test_a_second_loop_does_not_wait_for_one_that_has_ended() -> None:
    stream = Stream()
    lines = GatheredLines(stream)

    async def saying(text: str) -> None:
        say(lines, text)

    async def waiting() -> None:
        say(lines, "two")
        await asyncio.sleep(3 * GATHERED_SECONDS)

    asyncio.run(saying("one"))
    asyncio.run(waiting())
    assert stream.getvalue() == "one\ntwo\n"


def test_a_log_that_cannot_be_written_fails_nobody() -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    say(GatheredLines(Full()), "one")
