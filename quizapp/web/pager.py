"""A long list, cut into pages whose number stays in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import request, url_for

T = TypeVar("T")


class Pager:
    """The page of a list of ``total`` that ``?page=`` asks for; a page that is not there is the last.

    ``endpoint`` is the page that the links lead to, if it is not the one being answered.
    """

    def __init__(self, total: int, size: int, *, endpoint: str = "") -> None:
        self._endpoint = endpoint or request.endpoint or ""
        self.total = total
        self.size = size
        self.pages = max(-(-total // size), 1)
        self.page = min(max(request.args.get("page", 1, type=int), 1), self.pages)

    @property
    def start(self) -> int:
        """How many come before this page."""
        return (self.page - 1) * self.size

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        """This page of ``rows``."""
        return rows[self.start : self.start + self.size]

    @property
    def previous_url(self) -> str | None:
        """The page before, if there is one."""
        return self._url(self.page - 1) if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        """The page after, if there is one."""
        return self._url(self.page + 1) if self.page < self.pages else None

    def _url(self, page: int) -> str:
        arguments = {**(request.view_args or {}), **request.args.to_dict(), "page": page}
        return url_for(self._endpoint, **arguments)
