"""The pass that a sitting's page carries: whose sitting it is, and on which device.

It is a bearer's right to save answers in one sitting, and nothing else. It stands in the page, not
in a cookie: no other site can make a browser send it, and no session that expires can keep an
answer from being saved. The signature only spares the database forged ones; whether the person's
access and the device still count is decided by the statement that stores the answer.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pass:
    """Sitting and application by number, the person's stamp, the device that writes."""

    sitting: int
    application: int
    stamp: str
    writer: str

    @property
    def _text(self) -> str:
        return f"{self.sitting}.{self.application}.{self.stamp}.{self.writer}"

    def signed(self, secret: bytes) -> str:
        """The pass as it stands in the page."""
        return f"{self._text}.{_mac(secret, self._text)}"

    @classmethod
    def read(cls, secret: bytes, text: str) -> Pass | None:
        """The pass that this installation wrote as ``text``, or None."""
        said, _, mac = text.rpartition(".")
        if not text.isascii() or not hmac.compare_digest(mac, _mac(secret, said)):
            return None
        sitting, application, stamp, writer = said.split(".")
        return cls(int(sitting), int(application), stamp, writer)


def _mac(secret: bytes, text: str) -> str:
    return hmac.digest(secret, f"pass:{text}".encode(), "sha256").hex()[:32]
