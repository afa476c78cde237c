"""What many ask for at once is done together, and everybody gets their own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from vestibule.foundation.errors import Invalid
from vestibule.foundation.gathering import Gathered


class Desk:
    """Answers with the number doubled, refuses odd ones; holds the first batch until told."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go_on = asyncio.Event()
        self.broken: Exception | None = None

    async def do(self, _key: str, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        await self.go_on.wait()
        if self.broken:
            raise self.broken
        if any(number % 2 for number in numbers):
            raise Invalid("a number is odd")
        return [2 * number for number in numbers]


async def asked(gathered: Gathered[str, int, int], *numbers: int) -> list[asyncio.Task[int]]:
    """Ask each of these, one after another, and let all of them get as far as they can."""
    tasks = [asyncio.create_task(gathered.ask("clinic", number)) for number in numbers]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_is_asked_meanwhile_is_done_together_with_the_answers_in_order() -> None:
    desk = Desk()
    tasks = await asked(Gathered(desk.do, at_once=2), 2, 4, 6, 8)
    desk.go_on.set()

    assert await asyncio.gather(*tasks) == [4, 8, 12, 16]
    assert desk.batches == [[2, 4], [6, 8]]


async def test_one_that_is_refused_does_not_refuse_the_others() -> None:
    desk = Desk()
    tasks = await asked(Gathered(desk.do), 2, 3, 4)
    desk.go_on.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [answers[0], answers[2]] == [4, 8]
    assert isinstance(answers[1], Invalid)
    assert desk.batches == [[2, 3, 4], [2], [3], [4]]


async def test_a_failure_goes_to_all_and_is_not_tried_again() -> None:
    desk = Desk()
    desk.broken = OSError("the disk is full")
    tasks = await asked(Gathered(desk.do), 2, 4)
    desk.go_on.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert desk.batches == [[2, 4]]


async def test_who_stops_waiting_keeps_nobody_else_from_their_answer() -> None:
    desk = Desk()
    gathered = Gathered(desk.do)
    impatient, patient = await asked(gathered, 2, 4)
    impatient.cancel()
    desk.go_on.set()

    assert await patient == 8
    assert await gathered.ask("clinic", 10) == 20
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_one_key_does_not_wait_for_another() -> None:
    desk = Desk()
    gathered = Gathered(desk.do)
    waiting = await asked(gathered, 2)
    other = asyncio.create_task(gathered.ask("school", 4))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert desk.batches == [[2], [4]]
    desk.go_on.set()
    assert await asyncio.gather(*waiting, other) == [4, 8]
