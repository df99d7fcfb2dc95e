"""What a signature covers byte by byte, and what was added after it (security.md finding 7, 3.6).

pyHanko's own judgement is not enough: it takes a whole-file signature for what its lengths add up
to, and lets form filling pass. Here the gap in every byte range must be exactly the signature's own
hexadecimal string. Later revisions are sorted into three: ours (exactly the DSS revision which
`validation_info` or `own` would append, byte for byte), permitted, and forbidden.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
import re

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    CatalogModificationRule,
    DiffPolicy,
    DiffResult,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.pdf import own, validation_info

WHOLE, REVISION, UNCLEAR = "whole", "revision", "unclear"
NOTHING, MAINTAINED, EXTENDED, CHANGED = "nothing", "maintained", "extended", "changed"

# Between two signatures only signing itself and validation data: no other field may be filled.
SIGNING_ONLY: DiffPolicy = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
)
_HEX = re.compile(rb"[0-9A-Fa-f]*\Z")


def end_of(signature: EmbeddedPdfSignature) -> int:
    """The offset behind the last byte that the signature covers."""
    numbers = [int(n) for n in signature.byte_range]
    return numbers[-2] + numbers[-1]


def covers(data: bytes, signature: EmbeddedPdfSignature) -> str:
    """`whole`, `revision` or `unclear`: what the byte range covers but for the signature itself."""
    numbers = [int(n) for n in signature.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:
        return UNCLEAR
    _, first, second, length = numbers
    if not 0 < first < second or second + length > len(data):
        return UNCLEAR
    gap = data[first:second]
    inner = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or not _HEX.match(inner) or len(inner) % 2:
        return UNCLEAR
    if bytes.fromhex(inner.decode()) != signature.pkcs7_content:
        return UNCLEAR
    if second + length == len(data):
        return WHOLE
    level = signature.evaluate_signature_coverage().name
    return REVISION if level == "ENTIRE_REVISION" else UNCLEAR


def _permitted(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, policy: DiffPolicy
) -> ModificationLevel:
    """How far later revisions go; OTHER when the policy or DocMDP forbids them."""
    found = policy.review_file(
        reader,
        signature.signed_revision,
        field_mdp_spec=signature.fieldmdp,
        doc_mdp=signature.docmdp_level,
    )
    if not isinstance(found, DiffResult):
        return ModificationLevel.OTHER
    level = found.modification_level
    permission = signature.docmdp_level
    if permission is not None and level.value > permission.value:
        return ModificationLevel.OTHER
    return level


def later_changes(
    reader: PdfFileReader, signature: EmbeddedPdfSignature
) -> tuple[str, ModificationLevel]:
    """What revisions after a signature did: `maintained` means signing and validation data only."""
    strict = _permitted(reader, signature, SIGNING_ONLY)
    if strict is not ModificationLevel.OTHER:
        return MAINTAINED, strict
    lenient = _permitted(reader, signature, DEFAULT_DIFF_POLICY)
    return (CHANGED if lenient is ModificationLevel.OTHER else EXTENDED), lenient


def _is_own_revision(data: bytes, reader: PdfFileReader, end: int) -> bool:
    """Whether what follows `end` is exactly the DSS revision that we would append ourselves."""
    certificates, crls, ocsps = validation_info.read(reader)
    before = data[:end]
    if validation_info.append(before, certificates, crls, ocsps) == data:
        return True
    ders = ([one.dump() for one in found] for found in (certificates, crls, ocsps))
    try:
        return own.append(before, *ders) == data
    except own.NotPlain:
        return False


def after_last(data: bytes, reader: PdfFileReader, last: EmbeddedPdfSignature) -> str:
    """What stands behind the last signature: `nothing`, `maintained`, `extended` or `changed`."""
    end = end_of(last)
    if end == len(data):
        return NOTHING
    revisions = reader.xrefs.total_revisions - 1 - last.signed_revision
    # Bytes that belong to no revision are nobody's validation data.
    if revisions < 1 or not data.rstrip(b"\r\n").endswith(b"%%EOF"):
        return CHANGED
    if _is_own_revision(data, reader, end):
        return MAINTAINED
    return EXTENDED


def open_strictly(data: bytes) -> PdfFileReader:
    """A reader that repairs nothing."""
    return PdfFileReader(io.BytesIO(data), strict=True)
