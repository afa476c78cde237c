"""The plain kinds of value that room and token properties take, each strict about its type."""

import math
import re
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictStr,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from vestibule.foundation.validation import shown

LAST_SECOND = 253_402_300_799  # the end of the year 9999; a time in milliseconds lies beyond it

MAX_NAME_LENGTH: Final = 128
"""Of rooms (reference 3.1)."""
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_DIGITS: Final = re.compile(r"[0-9]{1,12}")
# What clients send for a time: seconds as a number, or that in a string.
NumericTime = (
    Annotated[float, Field(ge=0, le=LAST_SECOND)]
    | Annotated[str, Field(pattern=f"^{_DIGITS.pattern}$")]
)


def sentence(text: str) -> PydanticCustomError:
    """A validation error that is a whole sentence, answered as it stands."""
    return PydanticCustomError("sentence", "{text}", {"text": text})


def wrong(what: str) -> PydanticCustomError:
    """A validation error that goes on after the name of the field."""
    return PydanticCustomError("wrong", "{what}", {"what": what})


def expected(what: str) -> WrapValidator:
    """Says one thing about a wrong value, instead of one for each alternative of the type."""

    def check(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            raise wrong(f"should be {what}") from error

    return WrapValidator(check)


def _whole(value: object) -> object:
    """JSON knows no integers: 2.0 is as whole as 2 (but `true` is not 1)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def unix_seconds_of(name: str) -> BeforeValidator:
    """Reads unix seconds as a whole number; a float or a string of digits will do (D6)."""

    def read(value: object) -> int:
        is_none = isinstance(value, bool) or (
            isinstance(value, str) and not _DIGITS.fullmatch(value)
        )
        try:
            number = math.nan if is_none else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not 0 <= number <= LAST_SECOND:
            raise sentence(
                f"{name} was '{shown(value)}' "
                "but should be a number of seconds since the unix epoch"
            )
        return int(number)

    return BeforeValidator(read, json_schema_input_type=NumericTime)


def _template(*tags: str, extension: str = "") -> AfterValidator:
    """The pattern of a stored object's key (reference 5.4)."""
    allowed = "|".join(["epoch_time", "domain_name", "room_name", "mtg_session_id", *tags])
    pattern = re.compile(rf"(?:[A-Za-z0-9./_-]|\{{(?:{allowed})\}})+")

    def check(value: str) -> str:
        last = value.rpartition("/")[2]
        if not pattern.fullmatch(value) or "{epoch_time}" not in value:
            raise wrong(
                "should be made of A-Z, a-z, 0-9, '.', '/', '-', '_' and tags, "
                "with '{epoch_time}' among them"
            )
        if extension and "." in last and not last.endswith(extension):
            raise wrong(f"can have no other extension than '{extension}'")
        return value

    return AfterValidator(check)


def _host(text: str) -> str:
    """The host name in small letters, as addresses have it."""
    name = text.lower()
    if not _HOST.fullmatch(name):
        raise ValueError
    return name


def _unique(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise wrong("should hold each value once")
    return values


def _as_text(value: object) -> object:
    """Some clients send numeric ids (reference 14)."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


number_as_text = BeforeValidator(
    _as_text, json_schema_input_type=Annotated[str, Field(max_length=36)] | int
)

Flag = StrictBool
as_whole = BeforeValidator(_whole)
each_once = AfterValidator(_unique)
Exp = Annotated[int, Field(ge=0, le=LAST_SECOND), unix_seconds_of("exp")]
Nbf = Annotated[int, Field(ge=0, le=LAST_SECOND), unix_seconds_of("nbf")]
Number = Annotated[StrictFloat, Field(ge=0, allow_inf_nan=False)]
Seconds = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), as_whole]
# A limit on length also keeps out halves of characters, which JSON can hold and answers cannot.
Text = Annotated[StrictStr, StringConstraints(max_length=1024)]
ShortText = Annotated[StrictStr, StringConstraints(max_length=255)]
# Becomes part of the host name that a store is reached under.
BucketRegion = Annotated[
    Annotated[StrictStr, StringConstraints(pattern=r"^[a-z0-9-]{0,63}$")],
    expected("a region such as us-west-2"),
]
RoomName = Annotated[StrictStr, StringConstraints(max_length=MAX_NAME_LENGTH)]
Host = Annotated[
    Annotated[ShortText, AfterValidator(_host)],
    expected("a host name such as clinic.example, without https://, port or path"),
]
Scalar = Annotated[
    StrictBool | Text | Annotated[StrictFloat, Field(allow_inf_nan=False)],
    expected("true, false, a number or a string"),
]
RecordingsTemplate = Annotated[Text, _template("instance_id", "recording_id", extension=".mp4")]
TranscriptionTemplate = Annotated[Text, _template("instance_id", "transcript_id")]
Region = Literal[
    "af-south-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-south-1",
    "eu-central-1",
    "eu-west-2",
    "sa-east-1",
    "us-east-1",
    "us-west-2",
]
RtmpRegion = Literal["us-west-2", "eu-central-1", "ap-south-1"]
Language = Literal[
    "da", "de", "en", "es", "fi", "fr", "it", "jp", "ka", "nl", "no",
    "pt", "pt-BR", "pl", "ro", "ru", "sv", "tr", "user",
]  # fmt: skip
"""Daily's languages, and our own `ro`."""
AudioFormat = Literal[
    "aac", "wav", "wav-48k", "wav-48k-stereo", "wav-48k-mono",
    "wav-44k1", "wav-44k1-stereo", "wav-44k1-mono", "",
]  # fmt: skip
RecordingKind = Literal["cloud", "cloud-audio-only", "local", "raw-tracks"]
RecordingKinds = Annotated[
    RecordingKind | Annotated[list[RecordingKind], each_once],
    expected("'cloud', 'cloud-audio-only', 'local', 'raw-tracks', or a list of these"),
]
SendKind = Literal["video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio"]
AdminKind = Literal["participants", "streaming", "transcription"]
CanSend = Annotated[
    Flag | Annotated[list[SendKind], each_once],
    expected(
        "true, false or a list of 'video', 'audio', 'screenVideo', 'screenAudio', "
        "'customVideo', 'customAudio'"
    ),
]
CanAdmin = Annotated[
    Flag | Annotated[list[AdminKind], each_once],
    expected("true, false or a list of 'participants', 'streaming', 'transcription'"),
]
Color = Annotated[
    Annotated[StrictStr, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")],
    expected("a colour as #rrggbb, such as #1a73e8"),
]
