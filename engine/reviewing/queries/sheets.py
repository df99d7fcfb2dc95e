"""What stands on a sheet: papers by their content, and values that are shown masked."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence

from engine.kernel import codec, errors
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.messaging import model as messaging
from engine.policies import model as policies
from engine.reviewing import model, store


def paper(q: Reader, code: str, label: str | Text, blob_id: str) -> model.Paper:
    """A kept file as a paper of a sheet; `code` is what reasons point at."""
    row = q.row("SELECT media_type, plaintext_mac FROM blob WHERE id = ?", (blob_id,))
    return model.Paper(
        code=code,
        label=label,
        blob_id=blob_id,
        media_type=row["media_type"] if row else "",
        digest=bytes(row["plaintext_mac"]).hex() if row else "",
    )


def still_holds(q: Reader, found: model.Paper) -> bool:
    """Whether the content of a paper is, byte for byte, what its digest says.

    False also where the file is gone or does not open under its key any more.
    """
    try:
        content = q.blob(found.blob_id)
    except errors.EngineError:
        return False
    mac = q.parts.keyring.mac("blind-index", b"blob" + content)
    return hmac.compare_digest(mac.hex(), found.digest)


def masked(
    q: Reader, name: str, *, label: str, whole: str, mask: Callable[[str], str]
) -> model.SheetField:
    """A field whose value is shown masked: the digest of the whole tells when it is another one."""
    if not whole:
        return model.SheetField(name=name, label=label, value="")
    digest = q.parts.keyring.mac("blind-index", f"sheet|{name}|{whole}".encode()).hex()
    return model.SheetField(name=name, label=label, value=mask(whole), digest=digest)


def reasons(q: Reader) -> dict[str, policies.Reason]:
    """Every reason by its code, of whatever kind of case."""
    return q.policies(policies.Reason)


def first_field(q: Reader, codes: Sequence[str]) -> dict[str, str]:
    """The field that a rejection points at first, as a parameter of the message that tells of it."""
    if not codes:
        return {}
    known = reasons(q)
    fields = [known[code].field for code in codes if code in known]
    return {messaging.FIELD: fields[0]} if fields else {}


def place_of_sheet(case_id: str) -> str:
    """Where the kept sheet of a case is sealed."""
    return f"case_sheet|sheet|{case_id}"


def kept_sheet(q: Reader, case_id: str) -> model.Sheet | None:
    """Fields and papers of a case as they were when it was rejected; None where none was kept.

    Raises: vault.Destroyed once whoever submitted it has left for good.
    """
    found = store.kept_sheet(q, case_id)
    if found is None:
        return None
    text = q.open(found.subject_id, place_of_sheet(case_id), found.sheet)
    sheet: model.Sheet = codec.adapter_for(model.Sheet).validate_json(text)
    return sheet


def corrected(q: Reader, subject_ids: Sequence[str]) -> str | None:
    """The case that a new one corrects: the last decided about these subjects, if it was rejected."""
    found = store.newest_decided(q, subject_ids)
    return found.id if found and found.status is model.CaseStatus.REJECTED else None
