"""Foreign formats: each module of this folder that registers a format is one; the others are tools."""

from importlib import import_module
from pkgutil import iter_modules

from quizapp.exam.formats.base import FORMATS

__all__ = ["FORMATS"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
