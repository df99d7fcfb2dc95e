"""What a PC tells of a file, before anything is done with it."""

from __future__ import annotations

import re

from engine.enveloping import model
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies

_DIGEST = re.compile(r"[0-9a-f]{64}")


class NameInvalid(errors.InvalidInput):
    """This file name cannot be used: it is empty, too long, or holds a path or invisible characters."""


class FileTooLarge(errors.InvalidInput):
    """This file is too large: {largest} MB at most. Divide it, or use the command line (yinxin encrypt)."""


class DigestInvalid(errors.InvalidInput):
    """This is no SHA-256 of a file. Load the page again and choose the file once more."""


def clean_name(name: str) -> str:
    """A file's name as it may be kept and shown.

    Raises: NameInvalid.
    """
    kept = name.strip()
    if (
        not 1 <= len(kept) <= model.LONGEST_NAME
        or not kept.isprintable()
        or set(kept) & set("/\\:")
    ):
        raise NameInvalid(field="name")
    return kept


def require_size(op: Operation, size: int) -> None:
    """Refuse a file that is too large for the page.

    Raises: FileTooLarge.
    """
    largest = op.policy(policies.FileRules).largest_bytes
    if not 0 <= size <= largest:
        raise FileTooLarge(field="file", largest=largest // (1024 * 1024))


def require_digest(digest_hex: str) -> None:
    """Refuse what is no SHA-256.

    Raises: DigestInvalid.
    """
    if not _DIGEST.fullmatch(digest_hex):
        raise DigestInvalid(field="file")
