"""Recoveries of encryption keys: what their holder sees, and what the two who decide compare (CRT-6)."""

from __future__ import annotations

from engine.issuing import model, store
from engine.issuing.queries.holders import title
from engine.kernel import clock, texts
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.reviewing import model as reviewing

# How long ago a name may have been proved for the check to say that it was lately.
_LATELY_MS = 30 * clock.DAY

WHY = {
    "phone_lost": "The phone is lost",
    "pin_forgotten": "The PIN is forgotten",
    "phone_changed": "Another phone is used now",
    "key_damaged": "The key on the phone is damaged",
}


def my_recoveries(q: Reader) -> list[model.Recovery]:
    """The signed-in person's recoveries of encryption keys, newest first."""
    return store.recoveries_of(q, people.person(q).account_id)


def review_sheet_key_recovery(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What a reviewer sees: whose key, why, onto which phone, and what it will be used by."""
    found = q.get(model.Recovery, "key_recovery", subject_id)
    certificate = q.get(model.Certificate, "certificate", found.certificate_id)
    opener = q.get(model.Certificate, "certificate", found.opens_with)
    named_at = people.account(q, found.account_id).real_name_at or 0
    earlier = [
        one
        for one in store.recoveries_of(q, found.account_id)
        if one.id != found.id and one.status is model.RecoveryStatus.TAKEN
    ]
    return reviewing.Sheet(
        fields=(
            _field("holder", "Holder", title(q, certificate)),
            _field("serial", "Encryption certificate", certificate.serial_hex),
            _field("until", "Valid until", f"{clock.civil_date(certificate.not_after):%Y-%m-%d}"),
            reviewing.SheetField(
                name="why",
                label="Why the key is needed again",
                value=_told(WHY[found.why]),
                digest=found.why,
            ),
            _field("opens_with", "Certificate on the new phone", opener.serial_hex),
        ),
        checks=(
            reviewing.Check(
                label="The key is for encryption", ok=certificate.usage is model.Usage.ENCRYPTION
            ),
            reviewing.Check(
                label="The certificate on the phone is usable and the same holder's",
                ok=opener.usable(q.now)
                and opener.account_id == certificate.account_id
                and opener.enterprise_id == certificate.enterprise_id,
            ),
            reviewing.Check(
                label="The holder proved their real name in the last 30 days",
                ok=named_at > q.now - _LATELY_MS,
            ),
            reviewing.Check(
                label="No other recovery before",
                ok=not earlier,
                subjects=tuple(one.id for one in earlier),
            ),
        ),
    )


def _told(message: str) -> Text:
    """A message in both languages, for readers of either."""
    return Text(zh=texts.text(message, "zh_CN"), en=texts.text(message, "en"))


def _field(name: str, label: str, value: str | Text) -> reviewing.SheetField:
    return reviewing.SheetField(name=name, label=label, value=value)
