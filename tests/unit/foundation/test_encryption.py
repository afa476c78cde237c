"""Secrets at rest."""

import base64
import stat
from pathlib import Path

import pytest

from vestibule.foundation.encryption import (
    Keyring,
    UnreadableSecret,
    keyring_from_file,
    parse_keyring,
)

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def test_a_sealed_secret_opens_for_the_row_it_was_sealed_for() -> None:
    keyring = Keyring({"k1": OLD}, active="k1")
    sealed = keyring.seal("sk_live_abc", binds="api_keys:7")
    assert "sk_live_abc" not in sealed
    assert keyring.open(sealed, binds="api_keys:7") == "sk_live_abc"


def test_a_sealed_secret_does_not_open_for_another_row() -> None:
    keyring = Keyring({"k1": OLD}, active="k1")
    sealed = keyring.seal("sk_live_abc", binds="api_keys:7")
    with pytest.raises(UnreadableSecret):
        keyring.open(sealed, binds="api_keys:8")


def test_after_rotation_old_secrets_open_and_new_ones_use_the_new_key() -> None:
    sealed_before = Keyring({"k1": OLD}, active="k1").seal("before", binds="row")
    rotated = Keyring({"k2": NEW, "k1": OLD}, active="k2")
    assert rotated.open(sealed_before, binds="row") == "before"
    assert rotated.seal("after", binds="row").startswith("k2.")


def test_a_key_that_is_gone_is_named() -> None:
    sealed = Keyring({"k1": OLD}, active="k1").seal("x", binds="row")
    with pytest.raises(UnreadableSecret, match="k1"):
        Keyring({"k2": NEW}, active="k2").open(sealed, binds="row")


def test_the_key_file_is_made_once_random_and_private(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    sealed = keyring_from_file(file).seal("x", binds="row")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keyring_from_file(file).open(sealed, binds="row") == "x"
    other = keyring_from_file(tmp_path / "other.key")
    with pytest.raises(UnreadableSecret):
        other.open(sealed, binds="row")


def test_a_short_master_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        parse_keyring("k1:" + base64.urlsafe_b64encode(b"short").decode())


def test_each_purpose_has_its_own_key() -> None:
    keyring = Keyring({"k1": OLD}, active="k1")
    assert keyring.derive("resume") == keyring.derive("resume")
    assert keyring.derive("resume") != keyring.derive("join-link")
