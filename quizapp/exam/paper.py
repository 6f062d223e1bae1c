"""A paper: the questions drawn for one candidate, in order, each with its choices in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint
from quizapp.exam.lots import Stream


@dataclass(frozen=True, slots=True)
class Item:
    """One place of a paper, counted from 1: its question, and the order of its choices."""

    number: int
    bank: str
    question: str
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What one candidate is asked. Frozen: an edited bank or blueprint changes nothing in it."""

    items: tuple[Item, ...]

    def __len__(self) -> int:
        return len(self.items)

    def item(self, number: int) -> Item | None:
        """The item of this number, or None if the paper has none."""
        return self.items[number - 1] if 1 <= number <= len(self.items) else None

    def dump(self) -> str:
        """The paper as a short text, for the database."""
        rows = [[item.bank, item.question, list(item.order)] for item in self.items]
        return json.dumps(rows, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> Paper:
        """The paper that ``dump`` wrote; names and orders that papers share are held once."""
        return cls(
            tuple(
                Item(number, intern(bank), intern(question), _order(*order))
                for number, (bank, question, order) in enumerate(json.loads(text), start=1)
            )
        )


@lru_cache(maxsize=10_000)
def _order(*places: int) -> tuple[int, ...]:
    return places


def draw(blueprint: Blueprint, banks: Mapping[str, Bank], seed: str) -> Paper:
    """The paper of this seed; the same seed, blueprint and banks always give the same paper.

    ``blueprint.shortages(banks)`` must be empty.
    """
    items: list[Item] = []
    for section in blueprint.sections:
        drawn = section.draw(banks[section.bank], Stream(f"{seed}/{section.bank}"))
        for question in drawn:
            order = question.order(Stream(f"{seed}/{section.bank}/{question.id}"))
            items.append(Item(len(items) + 1, section.bank, question.id, order))
    return Paper(tuple(items))
