"""Names are shown to others, so they are one plain line."""

import pytest

from vestibule.rooms.calls.people import clean_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada \n\t Lovelace ", "Ada Lovelace"),
        ("Ada\x00\x1b[31m", "Ada [31m"),
        ("Ada\u2028Lovelace", "Ada Lovelace"),
        ("\u202eecalevoL adA", "ecalevoL adA"),
        ("Ștefania Ionescu", "Ștefania Ionescu"),
        ("محمد", "محمد"),
        ("👩‍⚕️ Ada", "👩‍⚕️ Ada"),
        ("Ada\ud800", "Ada"),
        ("x" * 99 + " yz", "x" * 99),
        ("x" * 300, "x" * 100),
        (" \n ", ""),
        ("", ""),
    ],
)
def test_a_name_is_made_fit_to_be_shown(given: str, shown: str) -> None:
    assert clean_name(given) == shown
