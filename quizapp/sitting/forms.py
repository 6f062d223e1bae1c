"""What the sitting's pages post, beside the answers themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import BaseModel, ConfigDict, Field
from wtforms import BooleanField


class SavePosted(BaseModel):
    """One answer as the page sends it: what was chosen, and the version it follows."""

    model_config = ConfigDict(extra="forbid", strict=True)

    answer: Annotated[list[Annotated[str, Field(max_length=10_000)]], Field(max_length=50)]
    flagged: bool = False
    seq: Annotated[int, Field(ge=1, le=2_000_000_000)]
    key: Annotated[str, Field(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]


class FactPosted(BaseModel):
    """A fact as the page sends it; ``seconds`` is how long the page was left."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["left", "copying"]
    seconds: Annotated[int, Field(ge=0, le=86_400)] = 0


class HandInForm(FlaskForm):  # type: ignore[misc]
    """Handing in, confirmed where something is unanswered."""

    confirm = BooleanField(_l("Je remets ma copie avec des questions sans réponse"))
