"""Revisions written by hand behind documents of our own: signatures, validation data, time-stamps.

pyHanko is the reference for all of it: it signs whatever is not written in the plain way in which this
platform writes its own documents, and judges everything. Three quarters of what it costs are objects made
for ASN.1 that is thrown away, so templates, and uploads made anew, get their revisions from here: read no
further than is needed, and joined from bytes. The same fields, the same dictionaries, the same answers to
the same questions; ADR 0035 says what is gained and what it costs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from engine.pdf import archiving as pyhanko_archiving
from engine.pdf import signing as pyhanko_signing
from engine.pdf import validation_info
from engine.pdf.own import archiving, signing
from engine.pdf.own.archiving import append
from engine.pdf.own.lexing import NotPlain
from engine.pdf.own.signing import finish

__all__ = ["NotPlain", "add_timestamp", "add_validation_info", "append", "finish", "prepare"]


P = ParamSpec("P")
R = TypeVar("R")


def _else(plain: Callable[P, R], reference: Callable[P, R]) -> Callable[P, R]:
    """The one for plain documents, or else the other."""

    @functools.wraps(plain)
    def made(*given: P.args, **named: P.kwargs) -> R:
        try:
            return plain(*given, **named)
        except NotPlain:
            return reference(*given, **named)

    return made


prepare = _else(signing.prepare, pyhanko_signing.prepare)
add_validation_info = _else(archiving.add_validation_info, validation_info.add_validation_info)
add_timestamp = _else(archiving.add_timestamp, pyhanko_archiving.add_timestamp)
