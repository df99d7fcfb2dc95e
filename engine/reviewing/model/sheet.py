"""What a reviewer sees of a case's subject."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import codec, texts
from engine.kernel.catalog import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetField:
    """A field of what is asked. `label` is a message id, `name` what reasons point at.

    A value that is shown masked has a keyed `digest` of the whole of it: another value behind the same
    mask is another field. One that a catalogue tells has its code: a better translation leaves it the same.
    """

    name: str
    label: str
    value: str | Text
    digest: str = ""


def coded(name: str, label: str, code: str, **params: object) -> SheetField:
    """A field that the catalogue tells in both languages; what is approved is its code."""
    told = Text(zh=texts.of_code(code, "zh_CN", params), en=texts.of_code(code, "en", params))
    return SheetField(name=name, label=label, value=told, digest=codec.canonical([code, params]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper handed in; served by the guarded media route. `label` is a message id or a text.

    `code` is what reasons point at; `digest` tells one content from another (a keyed digest of the
    bytes, the same for equal ones), and names no file.
    """

    code: str
    label: str | Text
    blob_id: str
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that the machine already made; `detail` are codes of texts, or plain numbers.

    `subjects` are the ids of what it found elsewhere (accounts, claims, enterprises), to look up.
    """

    label: str
    ok: bool
    detail: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a reviewer sees of a case's subject."""

    fields: tuple[SheetField, ...]
    papers: tuple[Paper, ...] = ()
    checks: tuple[Check, ...] = ()
