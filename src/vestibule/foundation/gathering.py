"""Work that many ask for at once, done together.

One transaction for twenty costs little more than one for one: a turn of the writer, a few
statements and a commit are shared. Whoever asks alone does not wait for others.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from vestibule.foundation.errors import VestibuleError

Key = TypeVar("Key", bound=Hashable)
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

AT_ONCE = 100


@dataclass(frozen=True, eq=False)
class _Asking(Generic[Asked, Answer]):
    """Something asked, and where its answer is awaited."""

    asked: Asked
    answer: asyncio.Future[Answer]

    def give(self, answer: Answer) -> None:
        """Answer whoever still waits."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def tell(self, error: Exception) -> None:
        """Let whoever still waits know."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Gathered(Generic[Key, Asked, Answer]):
    """Gathers what is asked of one key while earlier askings of it are being done.

    `do` does several, all of them or none, and answers in their order. If it refuses them with a
    VestibuleError, each is done alone, so that everybody gets the answer that is due to them; any
    other error goes to all. Who stops waiting does not undo anything.
    """

    def __init__(
        self,
        do: Callable[[Key, Sequence[Asked]], Awaitable[Sequence[Answer]]],
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        self._do = do
        self._at_once = at_once
        self._waiting: dict[Key, deque[_Asking[Asked, Answer]]] = {}
        self._doing: set[asyncio.Task[None]] = set()

    async def ask(self, key: Key, asked: Asked) -> Answer:
        """Have this done, with others or alone."""
        asking: _Asking[Asked, Answer]
        asking = _Asking(asked, asyncio.get_running_loop().create_future())
        if key in self._waiting:
            self._waiting[key].append(asking)
        else:
            self._waiting[key] = deque([asking])
            task = asyncio.create_task(self._work(key))
            self._doing.add(task)
            task.add_done_callback(self._doing.discard)
        return await asking.answer

    async def _work(self, key: Key) -> None:
        waiting = self._waiting[key]
        try:
            while waiting:
                count = min(len(waiting), self._at_once)
                await self._answer(key, [waiting.popleft() for _ in range(count)])
        finally:
            del self._waiting[key]
            for asking in waiting:
                asking.answer.cancel()

    async def _answer(self, key: Key, batch: Sequence[_Asking[Asked, Answer]]) -> None:
        try:
            answers = await self._do(key, [asking.asked for asking in batch])
        except VestibuleError as error:
            if len(batch) == 1:
                batch[0].tell(error)
            else:
                for asking in batch:
                    await self._answer(key, [asking])
        except Exception as error:
            for asking in batch:
                asking.tell(error)
        else:
            for asking, answer in zip(batch, answers, strict=True):
                asking.give(answer)
        finally:
            for asking in batch:
                asking.answer.cancel()  # does nothing to those that have their answer
