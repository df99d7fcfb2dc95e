"""An uploaded contract, made into the document that is going to be signed (手动上传, SGN-2).

A PDF is made anew by `pdf.rebuilding`, a Word document set anew as PDF by what `word_reading` can show
exactly (decision 23). What was left out is told, because the uploader has to agree to it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from engine.kernel import errors, files, turns
from engine.pdf import rebuilding
from engine.uploads import cleaning, kinds, refusals, sandbox

LIMIT_BYTES = 20 * files.MEGABYTE
# A Word document is always shown before it is kept.
WORD = rebuilding.Finding(code="word", count=1)
_DECLARED = (rebuilding,)
# What `word_reading` makes otherwise of a contract.
_CHANGED = ("numbers", "links", "page_numbers")
_MOST_KEPT, _MOST_KEPT_BYTES = 8, 4 * files.MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPaper:
    """The document (PDF), its pages, and what its uploader has to agree to."""

    content: bytes
    pages: int
    findings: tuple[rebuilding.Finding, ...]

    @property
    def digest_hex(self) -> str:
        """What the uploader says that they have seen."""
        return sha256(self.content).hexdigest()


class _Made:
    """The newest few, so that what was looked at a moment ago is not made once more to be kept."""

    def __init__(self) -> None:
        self._papers: OrderedDict[bytes, ContractPaper] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, digest: bytes) -> ContractPaper | None:
        with self._lock:
            return self._papers.get(digest)

    def keep(self, digest: bytes, paper: ContractPaper) -> None:
        if len(paper.content) > _MOST_KEPT_BYTES:
            return
        with self._lock:
            self._papers[digest] = paper
            while len(self._papers) > _MOST_KEPT:
                self._papers.popitem(last=False)


_MADE = _Made()


def contract(content: bytes, *, field: str) -> ContractPaper:
    """An uploaded PDF or DOCX as the document that would be signed; equal files give equal documents.

    Raises: the refusals of `uploads.kinds`, `word_reading`, `pdf.intake` and `pdf.rebuilding`; TooHeavy,
    fonts.CharacterNotDrawable, turns.TooBusy.
    """
    asked = sha256(content).digest()
    known = _MADE.known(asked)
    if known is not None:
        return known
    media_type = kinds.require(
        content, (files.PDF, kinds.DOCX), field=field, limit_bytes=LIMIT_BYTES
    )
    if media_type == kinds.DOCX:
        set_anew, changed = cleaning.word_as_pdf(content, field=field, contract=True)
        made = _rebuilt(set_anew, field)
        otherwise = (
            rebuilding.Finding(code=code, count=changed[code])
            for code in _CHANGED
            if code in changed
        )
        findings = (WORD, *otherwise, *made.findings)
        made = ContractPaper(content=made.content, pages=made.pages, findings=findings)
    else:
        made = _rebuilt(content, field)
    _MADE.keep(asked, made)
    return made


def _rebuilt(content: bytes, field: str) -> ContractPaper:
    try:
        with turns.DOCUMENTS.one():
            told, made = sandbox.CONTRACTS.run({}, content)
    except sandbox.Killed as killed:
        raise refusals.TooHeavy(field=field) from killed
    if "refused" in told:
        raise errors.type_of_code[told["refused"]](field=field, **told["params"])
    findings = tuple(
        rebuilding.Finding(code=one["code"], count=one["count"], names=tuple(one["names"]))
        for one in told["findings"]
    )
    return ContractPaper(content=made, pages=told["pages"], findings=findings)
