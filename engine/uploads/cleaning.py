"""One upload, made clean: what it really is, and the content that may be kept.

Size and first bytes are looked at here; everything that parses is done in the sandboxed child. Equal
small files are cleaned once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.kernel import errors, files, turns
from engine.pdf import fonts, intake, typeset
from engine.uploads import kinds, refusals, sandbox, word_reading

PAPER = (files.PDF, files.PNG, files.JPEG)
PICTURE = (files.PNG, files.JPEG)
# Copies of a picture differ in at most 9 of 256 bits, other papers of the same form in 20 or more.
_ALIKE_BITS = 14
_KEPT, _KEPT_BYTES = 512, 64 * 1024
# The child names a refusal by its code; to know the code is to have imported where it is declared.
_DECLARED = (intake, refusals, word_reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a clean file: a picture's pixels and print, a document's pages."""

    width: int = 0
    height: int = 0
    pages: int = 0
    print: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A file that may be kept and shown."""

    content: bytes
    media_type: str
    facts: Facts


class _Known:
    """Answers to small files, the newest few hundred; a simulated crowd hands in the same ones."""

    def __init__(self) -> None:
        self._answers: OrderedDict[bytes, sandbox.Answer] = OrderedDict()
        self._lock = threading.Lock()

    def answer(
        self, media_type: str, face: bool, content: bytes, *, read: bool = False, more: str = ""
    ) -> sandbox.Answer:
        box = sandbox.FACES if face else sandbox.PAPERS
        task: dict[str, object] = {"media_type": media_type, **({"read": True} if read else {})}
        if more:
            task[more] = True
        if len(content) > _KEPT_BYTES:
            return self._run(box, task, content)
        digest = hashlib.sha256(f"{media_type}|{face}|{read}|{more}|".encode() + content).digest()
        with self._lock:
            if digest in self._answers:
                self._answers.move_to_end(digest)
                return self._answers[digest]
        made = self._run(box, task, content)
        with self._lock:
            self._answers[digest] = made
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return made

    @staticmethod
    def _run(box: sandbox.Sandbox, task: dict[str, object], content: bytes) -> sandbox.Answer:
        with turns.DOCUMENTS.one():
            return box.run(task, content)


_KNOWN = _Known()


def clean(content: bytes, *, allowed: tuple[str, ...], field: str, face: bool = False) -> Clean:
    """The upload, rebuilt; `allowed` are media types (`files.PNG`…), `field` names it in a refusal.

    With `face`, the picture must also show one face from the front (IDV-4).
    Raises: the refusals of `files.require`, `uploads.kinds`, `uploads.refusals` and `pdf.intake`;
    turns.TooBusy.
    """
    media_type = kinds.require(content, allowed, field=field)
    told, made = _answered(media_type, content, field, face=face)
    return Clean(content=made, media_type=media_type, facts=Facts(**told))


def _answered(
    media_type: str,
    content: bytes,
    field: str,
    *,
    face: bool = False,
    read: bool = False,
    more: str = "",
) -> sandbox.Answer:
    try:
        told, made = _KNOWN.answer(media_type, face, content, read=read, more=more)
    except sandbox.Killed as killed:
        raise refusals.TooHeavy(field=field) from killed
    if "refused" in told:
        raise errors.type_of_code[told["refused"]](field=field, **told["params"])
    return told, made


def letter(content: bytes, *, field: str) -> Clean:
    """A paper that may come as DOCX too: that is set anew as a PDF, the same for equal documents.

    Raises: as `clean`; word_reading.WordNotShown; fonts.CharacterNotDrawable.
    """
    media_type = kinds.require(content, (*PAPER, kinds.DOCX), field=field)
    if media_type != kinds.DOCX:
        return clean(content, allowed=PAPER, field=field)
    made, _ = word_as_pdf(content, field=field)
    return clean(made, allowed=(files.PDF,), field=field)


def word_as_pdf(
    content: bytes, *, field: str, contract: bool = False
) -> tuple[bytes, dict[str, int]]:
    """A Word document set anew as a PDF, the same for equal documents, and what was made otherwise.

    Raises: word_reading.WordNotShown, fonts.CharacterNotDrawable, the refusals of `uploads.word`;
    turns.TooBusy.
    """
    more = "contract" if contract else ""
    told, read = _answered(kinds.DOCX, content, field, read=True, more=more)
    blocks = json.loads(read)
    for run in _runs(blocks):
        if run["kind"] == "picture":
            run["content"] = list(base64.b64decode(run["content"]))
    try:
        made = typeset.render("word_paper", {"issued_at": 0, "blocks": blocks})
    except fonts.CharacterNotDrawable as problem:
        raise fonts.CharacterNotDrawable(field=field, **problem.params) from None
    except typeset.TemplateDataWrong as problem:
        raise refusals.BrokenWord(field=field) from problem
    return made, told.get("changed", {})


def _runs(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["kind"] == "paragraph":
            yield from block["runs"]
        else:
            for row in block["rows"]:
                for cell in row:
                    yield from _runs(cell["blocks"])


# A print in ten parts: of two that differ in at most nine bits one part at least is the same, so that who
# looks for a copy reads those that share a part and not all there are.
_BANDS, _SIDE = 10, 16


def _band_of(bit: int) -> int:
    """Which part a bit belongs to: neighbours lie apart, for papers of one form share whole rows."""
    row, column = divmod(bit, _SIDE)
    return (row * 3 + column) % _BANDS


_PLACES = tuple(
    tuple(bit for bit in range(_SIDE * _SIDE) if _band_of(bit) == band) for band in range(_BANDS)
)


def bands(found: str) -> tuple[int, ...]:
    """The parts of a print as numbers; each tells which part it is."""
    bits = int(found, 16)
    made = []
    for band, places in enumerate(_PLACES):
        value = 0
        for bit in places:
            value = value << 1 | (bits >> bit & 1)
        made.append(band << 32 | value)
    return tuple(made)


def alike(one: str, other: str) -> bool:
    """Whether two prints are of one picture, in whatever size or compression."""
    return (int(one, 16) ^ int(other, 16)).bit_count() <= _ALIKE_BITS
