"""Carries a request out once: its key is written in the transaction of its effect."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel

from vestibule.appointments.idempotency import store
from vestibule.appointments.idempotency.model import KEPT, Once, check_same
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring

Answer = TypeVar("Answer", bound=BaseModel)


def begin(tx: Transaction, organization_id: int, once: Once | None) -> int | None:
    """What an earlier request under this key made or changed; None: carry it out now.

    Call first in the transaction, and `end` in the same one. KeyReused if the key is another
    request's.
    """
    if once is None:
        return None
    store.delete_before(tx, organization_id, tx.now - KEPT)
    if store.insert(tx, organization_id, once):
        return None
    earlier = store.find(tx, organization_id, once.key)
    if earlier is None:
        return None
    check_same(once, earlier)
    return earlier.subject_id


def end(tx: Transaction, organization_id: int, once: Once | None, subject_id: int) -> None:
    """Note what the request made or changed."""
    if once is not None:
        store.write_subject(tx, organization_id, once.key, subject_id)


class IdempotencyService:
    """Gives the same answer to the same request, for seven days."""

    def __init__(self, *, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def answer(
        self,
        organization_id: int,
        once: Once | None,
        form: type[Answer],
        make: Callable[[], Awaitable[Answer]],
    ) -> Answer:
        """The kept answer, or the one that `make` gives, which is kept from then on.

        A refusal is not kept: nothing was done, so the request may be sent again.
        """
        if once is None:
            return await make()
        binds = f"repeatable_requests.{organization_id}.{once.key}"
        earlier = await self._database.read(lambda tx: store.find(tx, organization_id, once.key))
        if earlier is not None:
            check_same(once, earlier)
            if earlier.answer_sealed is not None:
                kept = self._keyring.open(earlier.answer_sealed, binds=binds)
                return form.model_validate_json(kept)
        made = await make()
        sealed = self._keyring.seal(made.model_dump_json(), binds=binds)
        await self._database.write(
            lambda tx: store.write_answer(tx, organization_id, once.key, sealed)
        )
        return made
