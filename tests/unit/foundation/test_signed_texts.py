"""What we signed is read back in its time, for its purpose, and unchanged."""

import pytest

from vestibule.foundation.encryption import Keyring
from vestibule.foundation.signed_texts import SignedTexts

NOW = 1_800_000_000.0
KEYS = Keyring({"k1": b"1" * 32}, active="k1")
texts = SignedTexts(KEYS, "door")


def test_a_text_is_read_until_its_time_is_over() -> None:
    proof = texts.sign("Ada", until=NOW)

    assert SignedTexts(KEYS, "door").read(proof, NOW - 0.1) == "Ada"
    assert texts.read(proof, NOW) is None


def test_what_was_signed_for_another_purpose_or_by_another_key_proves_nothing() -> None:
    proof = texts.sign("Ada", until=NOW + 9)

    assert SignedTexts(KEYS, "window").read(proof, NOW) is None
    assert SignedTexts(Keyring({"k1": b"2" * 32}, active="k1"), "door").read(proof, NOW) is None


@pytest.mark.parametrize("proof", ["", "k1", "k1..", "k9.e30=.00", "k1.ä.ö", "k1.W10=.00"])
def test_what_is_no_proof_proves_nothing(proof: str) -> None:
    assert texts.read(proof, NOW) is None
