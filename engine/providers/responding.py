"""OCSP: who signs the answers, and the answers that are kept ready.

A responder's certificate says `no-check`, so it cannot be revoked: it serves 60 days and is over after
90. The next one is made by its authority's own key when it is needed, and kept under a key that comes
from the responder of the ceremony. An answer without a nonce is signed once and handed out again while
the status is the same and half of its ten minutes lasts (RFC 5019 4). Nothing is answered from memory
without asking what is so now: of the database, or whether anything was committed since that was asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from cryptography import x509

from engine.kernel import clock, database, errors, vault
from engine.pki import ceremony, certificates, keys, ocsp, profiles
from engine.providers import responder_terms as terms
from engine.providers.store import Memory

ANSWER_LIFETIME_MS = 10 * clock.MINUTE
REUSED_FOR_MS = ANSWER_LIFETIME_MS // 2
RESPONDER_LIFETIME_MS = 90 * clock.DAY
_EARLY_MS = clock.HOUR
_MOST_KEPT = 10_000
# A certificate id of ordinary hashes and serials has about a hundred bytes.
_LARGEST_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An OCSPResponse. `until` is None where nobody may keep it: it has a nonce, or knows nothing.

    `told_at` is when it was handed out, by the world's clock.
    """

    content: bytes
    this_update: int
    told_at: int = 0
    until: int | None = None


def try_later() -> Answer:
    """The answer while nothing can be looked up."""
    return Answer(content=ocsp.refusal(ocsp.ResponseStatus.TRY_LATER), this_update=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """`version` is the database's, from before its status was asked for; handed out before `over`."""

    status: ocsp.CertificateStatus
    responder: x509.Certificate
    answer: Answer
    version: int | None
    over: int

    def holds(self, now: int) -> bool:
        """Whether it is young enough to be handed out."""
        return self.answer.this_update <= now < self.over


class Responders:
    """The responders of a world's authorities and the answers that they have signed."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._serving: dict[str, ceremony.Credential] = {}
        self._kept: OrderedDict[tuple[str, bytes], _Kept] = OrderedDict()
        self._guard = threading.Lock()

    def answer(
        self,
        agency: ceremony.AgencyKeys,
        profile: profiles.Profile,
        request: bytes,
        status_of: Callable[[int], ocsp.CertificateStatus],
    ) -> Answer:
        """The answer to a request; whatever the request is, there is one."""
        version, now = self._memory.moment()
        try:
            asked = ocsp.read(request)
        except (errors.InvalidInput, ValueError):
            return Answer(
                content=ocsp.refusal(ocsp.ResponseStatus.MALFORMED_REQUEST), this_update=now
            )
        if not asked.concerns(agency.authority.certificate):
            return Answer(content=ocsp.refusal(ocsp.ResponseStatus.UNAUTHORIZED), this_update=now)
        responder = self.serving(agency, profile)
        statuses = [status_of(serial) for serial in asked.serials]
        place = (agency.authority.label, asked.only or b"")
        kept = self._recall(place, statuses[0], responder.certificate, now) if place[1] else None
        if kept is not None:
            self._remember(place, replace(kept, version=version))
            return replace(kept.answer, told_at=now)
        content = ocsp.sign(
            asked,
            statuses,
            key=responder.key,
            certificate=responder.certificate,
            this_update_ms=now,
            next_update_ms=now + ANSWER_LIFETIME_MS,
        )
        # A serial that nobody issued yet may be issued in a moment, and there is no end of such serials.
        lasting = bool(place[1]) and statuses[0].state is not ocsp.State.UNKNOWN
        made = Answer(
            content=content,
            this_update=now,
            told_at=now,
            until=now + ANSWER_LIFETIME_MS if lasting else None,
        )
        if lasting and len(place[1]) <= _LARGEST_KEPT:
            kept = _Kept(
                status=statuses[0],
                responder=responder.certificate,
                answer=made,
                version=version,
                over=min(now + REUSED_FOR_MS, terms.term(responder.certificate)[1]),
            )
            self._remember(place, kept)
        return made

    def ready(self, label: str, request: bytes) -> Answer | None:
        """The kept answer to a request, if nothing at all was committed since it was true; never waits."""
        asked = ocsp.plain(request)
        if asked is None:
            return None
        with self._guard:
            kept = self._kept.get((label, asked))
        if kept is None or kept.version is None:
            return None
        version, now = self._memory.moment()
        if kept.version != version or not kept.holds(now):
            return None
        answer = kept.answer
        return Answer(
            content=answer.content,
            this_update=answer.this_update,
            told_at=now,
            until=answer.until,
        )

    def _recall(
        self,
        place: tuple[str, bytes],
        status: ocsp.CertificateStatus,
        responder: x509.Certificate,
        now: int,
    ) -> _Kept | None:
        with self._guard:
            kept = self._kept.get(place)
        if kept is None or kept.status != status or kept.responder is not responder:
            return None
        return kept if kept.holds(now) else None

    def _remember(self, place: tuple[str, bytes], kept: _Kept) -> None:
        with self._guard:
            self._kept[place] = kept
            self._kept.move_to_end(place)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)

    def serving(
        self, agency: ceremony.AgencyKeys, profile: profiles.Profile
    ) -> ceremony.Credential:
        """The responder that answers now: the ceremony's at first, then one after the other."""
        now, label = self._memory.now(), agency.authority.label
        known = self._serving.get(label, agency.ocsp)
        if not terms.serves(known, agency, now):
            # Another process may have made one in the meantime, so what is stored is looked at first.
            known = self._stored(agency, now) or self._next(agency, profile, now)
        self._serving[label] = known
        return known

    def certificates(self, label: str) -> list[x509.Certificate]:
        """Every responder certificate that an authority made beside the ceremony's, newest first."""
        with self._memory.parts.db.read() as connection:
            rows = connection.rows(
                "SELECT certificate FROM responder WHERE authority = ?"
                " ORDER BY not_after DESC, serial_hex",
                (label,),
            )
        return [x509.load_der_x509_certificate(bytes(row["certificate"])) for row in rows]

    def made(self, label: str, serial: int) -> bool:
        """Whether an authority made a responder's certificate of this serial."""
        with self._memory.parts.db.read() as connection:
            found = connection.rows(
                "SELECT serial_hex FROM responder WHERE authority = ? AND serial_hex = ?",
                (label, f"{serial:x}"),
            )
        return bool(found)

    def _stored(self, agency: ceremony.AgencyKeys, now: int) -> ceremony.Credential | None:
        label = agency.authority.label
        with self._memory.parts.db.read() as connection:
            rows = connection.rows(
                "SELECT * FROM responder WHERE authority = ? AND not_after > ?"
                " ORDER BY not_after DESC, serial_hex",
                (label, now),
            )
        for row in rows:
            made = x509.load_der_x509_certificate(bytes(row["certificate"]))
            try:
                place = terms.place(label, row["serial_hex"])
                pem = vault.unseal(terms.sealing_key(agency), bytes(row["sealed_key"]), place)
                found = ceremony.Credential(key=keys.from_pkcs8(pem, None), certificate=made)
            except errors.EngineError:
                # Kept under the key of a ceremony before this one: the next is made anew.
                continue
            if terms.serves(found, agency, now):
                return found
        return None

    def _next(
        self, agency: ceremony.AgencyKeys, profile: profiles.Profile, now: int
    ) -> ceremony.Credential:
        issuer, entropy = agency.authority, self._memory.parts.entropy
        begin = max(now - _EARLY_MS, terms.ms(issuer.certificate.not_valid_before_utc))
        key = keys.generate(entropy)
        made = issuer.issue(
            profile=profile,
            subject=terms.subject(agency.ocsp.certificate),
            public_key=key.public_key(),
            serial=certificates.serial_from(entropy),
            not_before_ms=begin,
            not_after_ms=min(
                now + RESPONDER_LIFETIME_MS, terms.ms(issuer.certificate.not_valid_after_utc)
            ),
        )
        serial_hex = f"{made.serial_number:x}"
        sealed = vault.seal(
            terms.sealing_key(agency),
            keys.to_pkcs8(key, None),
            terms.place(issuer.label, serial_hex),
            entropy,
        )
        if not self._memory.parts.db.frozen:
            with self._memory.parts.db.write() as connection:
                _insert(connection, issuer.label, serial_hex, made, sealed)
        return ceremony.Credential(key=key, certificate=made)


def _insert(
    connection: database.Connection,
    label: str,
    serial_hex: str,
    made: x509.Certificate,
    sealed: bytes,
) -> None:
    connection.run(
        "INSERT INTO responder (authority, serial_hex, certificate, sealed_key, not_after)"
        " VALUES (?, ?, ?, ?, ?)",
        (label, serial_hex, certificates.to_der(made), sealed, terms.ms(made.not_valid_after_utc)),
    )
