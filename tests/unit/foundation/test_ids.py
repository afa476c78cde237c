"""Randomness is drawn in larger pieces; no piece is given twice."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

from vestibule.foundation.ids import ALPHANUMERIC, SystemIds


def test_identifiers_are_random_uuids_and_never_the_same() -> None:
    ids = SystemIds()
    made = [ids.uuid() for _ in range(2000)]

    assert {uuid.UUID(each).version for each in made} == {4}
    assert len(set(made)) == 2000


def test_every_letter_and_digit_comes_equally_often() -> None:
    ids = SystemIds()
    said = "".join(ids.letters(20) for _ in range(3100))
    counts = [said.count(letter) for letter in ALPHANUMERIC]

    assert sum(counts) == 62_000
    # A thousand each, six standard deviations to both sides.
    assert min(counts) > 810 and max(counts) < 1190


def test_threads_do_not_get_the_same_piece() -> None:
    ids = SystemIds()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: ids.letters(20), range(20_000)))

    assert len(set(made)) == 20_000


def test_a_child_process_does_not_repeat_its_parents_randomness() -> None:
    ids = SystemIds()
    ids.uuid()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, ids.uuid().encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reader, 36).decode() != ids.uuid()
