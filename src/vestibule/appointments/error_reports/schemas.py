"""The JSON of error reports (A26)."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from vestibule.appointments.error_reports.model import ErrorCode, Report
from vestibule.appointments.fields import MAX_ID

Word = Annotated[StrictStr, Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")]


def _plain(text: str) -> str:
    """Without characters that no page shows and PostgreSQL does not take."""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")


class ReportRequest(BaseModel):
    """A failure in a browser."""

    model_config = ConfigDict(extra="forbid")

    error_type: Word
    error_code: ErrorCode
    error_message: StrictStr = Field(min_length=1, max_length=2000)
    feature_name: Word = "videocall"
    stack_trace: StrictStr | None = Field(default=None, max_length=16_000)
    response_time_ms: StrictInt | None = Field(default=None, ge=0, le=86_400_000)
    consent_level: StrictInt = Field(
        default=1, ge=0, le=9, description="0: the person agreed to nothing, and nothing is stored."
    )
    link: StrictStr | None = Field(
        default=None, max_length=200, description="Secret of the join link that the page came from."
    )
    appointment_id: StrictInt | None = Field(
        default=None, ge=1, le=MAX_ID, description="For programs with an organization's token."
    )

    @property
    def report(self) -> Report:
        return Report(
            error_type=self.error_type,
            code=self.error_code,
            message=_plain(self.error_message),
            feature=self.feature_name,
            stack_trace=self.stack_trace and _plain(self.stack_trace),
            response_time_ms=self.response_time_ms,
        )


class ReportAnswer(BaseModel):
    """The report is stored."""

    recorded: bool = True

    @classmethod
    def stored(cls) -> Self:
        return cls()
