"""Pages whose constant part is rendered once: what differs from person to person is filled in.

A template is rendered with ``hole("name")`` wherever a value will stand, and kept as a stencil;
filling it joins strings. Values are filled in as they are: they must be HTML already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

# Private characters (Unicode, "Co"), which no text of a page has.
_HOLE = re.compile("\ue000([a-z_0-9]+)\ue001")


def hole(name: str) -> Markup:
    """What stands in a template for the value of this name."""
    return Markup(f"\ue000{name}\ue001")  # noqa: S704  # the names are our own


class Stencil:
    """HTML cut at its holes."""

    __slots__ = ("_parts",)

    def __init__(self, html: str) -> None:
        self._parts = _HOLE.split(html)

    def filled(self, values: Mapping[str, str]) -> str:
        """The HTML with a value in each hole; raises KeyError for a hole without one."""
        parts = self._parts.copy()
        parts[1::2] = [values[name] for name in parts[1::2]]
        return "".join(parts)
