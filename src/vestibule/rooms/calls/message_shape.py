"""What every part of a message is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SessionId = Annotated[str, Field(min_length=1, max_length=64)]


class Shape(BaseModel):
    """A part of a message. Unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )
