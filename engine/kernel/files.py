"""What an uploaded file really is: its first bytes, never its name or what the browser says."""

from __future__ import annotations

from engine.kernel import errors

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
MEGABYTE = 1_048_576


class FileEmpty(errors.InvalidInput):
    """This file is empty. Choose another one."""


class FileTooBig(errors.InvalidInput):
    """This file is larger than {megabytes} MB. Choose a smaller one."""


class FileKindRefused(errors.InvalidInput):
    """This kind of file cannot be taken here. Upload {allowed}."""


def kind_of(content: bytes) -> str | None:
    """The media type that the content's first bytes tell, or None."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    return None


def require(content: bytes, *allowed: str, field: str, limit_bytes: int = 10 * MEGABYTE) -> str:
    """The media type of an upload, which must be one of `allowed`.

    Raises: FileEmpty, FileTooBig, FileKindRefused.
    """
    if not content:
        raise FileEmpty(field=field)
    if len(content) > limit_bytes:
        raise FileTooBig(field=field, megabytes=limit_bytes // MEGABYTE)
    found = kind_of(content)
    if found is None or found not in allowed:
        names = ", ".join(media_type.split("/")[1].upper() for media_type in allowed)
        raise FileKindRefused(field=field, allowed=names)
    return found
