"""Settings come from the environment and a file, and no typing error passes."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from vestibule.settings import Settings, misspelt_variables


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vestibule.toml"
    file.write_text('port = 9000\nroom_prefix = "clinic"\n')
    monkeypatch.setenv("VESTIBULE_CONFIG", str(file))
    monkeypatch.setenv("VESTIBULE_PORT", "9001")
    settings = Settings()
    assert (settings.port, settings.room_prefix) == (9001, "clinic")


def test_a_misspelt_name_in_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vestibule.toml"
    file.write_text("prot = 9000\n")
    monkeypatch.setenv("VESTIBULE_CONFIG", str(file))
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_a_misspelt_variable_is_named() -> None:
    variables = {"VESTIBULE_PROT": "1", "VESTIBULE_PORT": "1", "HOME": "/"}
    assert misspelt_variables(variables) == ["VESTIBULE_PROT"]


def test_links_begin_with_the_base_url_without_a_slash() -> None:
    assert Settings(base_url="https://video.example.org/").public_url == "https://video.example.org"
    assert Settings(port=8123).public_url == "http://localhost:8123"
