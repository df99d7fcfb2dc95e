"""What stands in the way of closing an account, what would follow, and what is kept of whom."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import clock, identifiers, notes
from engine.kernel.catalog import Text
from engine.kernel.engine import require_second_factor
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration.model import closing as model
from engine.registration.model.members import MemberRole
from engine.registration.queries.accounts import account, person, person_name, person_phone
from engine.registration.queries.enterprises import enterprise
from engine.registration.store import closing as store
from engine.registration.store.members import administrators, members, memberships_of
from engine.registration.store.proofs import open_proof
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# The rule of keeping where a CA has none of its own.
_EVERY_CA = "certificates"


def blockers(q: Reader, account_id: str) -> tuple[notes.Note, ...]:
    """What keeps an account from being cancelled, each subject named once."""
    found = [note for ask in q.parts.blockers for note in ask(q, account_id)]
    for one in memberships_of(q, account_id):
        alone = administrators(q, one.enterprise_id) == [account_id]
        if one.role is MemberRole.ADMINISTRATOR and alone:
            name = enterprise(q, one.enterprise_id).name
            found.append(
                notes.Note(
                    code="blocker.sole_administrator",
                    subject=one.enterprise_id,
                    params={"enterprise": name},
                )
            )
    proof = open_proof(q, account_id)
    if proof is not None:
        found.append(notes.Note(code="blocker.proof_running", subject=proof.id))
    named = {note.subject for note in found}
    for case_id, kind, subject_id in store.open_cases_by(q, f"person:{account_id}"):
        if subject_id not in named and kind not in ("cancellation", "termination_appeal"):
            found.append(
                notes.Note(code="blocker.review_open", subject=case_id, params={"kind": kind})
            )
    return tuple(found)


def standing_in_the_way(
    q: Reader, account_id: str, *, revoke_certificates: bool
) -> tuple[notes.Note, ...]:
    """The blockers that are left when the person lets their certificates be revoked, or does not."""
    found = blockers(q, account_id)
    if revoke_certificates:
        return tuple(note for note in found if note.code != model.CERTIFICATE_LIVE)
    return found


def has_members(q: Reader, enterprise_id: str) -> bool:
    """Whether anybody is entitled to act for an enterprise."""
    return bool(members(q, enterprise_id))


def kept(q: Reader, account_id: str) -> tuple[notes.Kept, ...]:
    """The records that the law has kept beyond an account."""
    return tuple(one for ask in q.parts.kept for one in ask(q, account_id))


def rule_of(q: Reader, keeper: str) -> tuple[str, policies.Retention]:
    """The rule of keeping for a CA: its own, or the one for all; with its name."""
    rules = q.policies(policies.Retention)
    name = keeper if keeper in rules else _EVERY_CA
    return name, rules[name]


def released_at(q: Reader, records: Sequence[notes.Kept]) -> tuple[int, str] | None:
    """When the last of these records may go, and the name of the rule that says so; None for none.

    What still lives ends now at the latest: it is revoked with the account.
    """
    if not records:
        return None
    ends = []
    for one in records:
        name, rule = rule_of(q, one.keeper)
        ends.append((model.years_after(min(one.ended_at, q.now), rule.years), name))
    return max(ends)


def cancellation_preview(q: Reader) -> model.CancellationPreview:
    """What the signed-in person is told before they ask for their account to be cancelled (ACC-7)."""
    account_id = person(q).account_id
    records = kept(q, account_id)
    until = released_at(q, records)
    return model.CancellationPreview(
        blockers=blockers(q, account_id),
        consequences=_consequences(q, account_id, records),
        archive=model.ArchivePreview(
            clause=None if until is None else q.policy(policies.Retention, until[1]).clause,
            release_at=None if until is None else until[0],
        ),
    )


def _consequences(
    q: Reader, account_id: str, records: Sequence[notes.Kept]
) -> tuple[notes.Note, ...]:
    live = [one for one in records if one.live]
    memberships = memberships_of(q, account_id)
    devices = store.devices(q, account_id)
    counted = (
        ("consequence.signed_out", len(devices)),
        ("consequence.certificates_revoked", len(live)),
        ("consequence.memberships_left", len(memberships)),
    )
    return (
        notes.Note(code="consequence.not_restored"),
        *(
            notes.Note(code=code, params={"count": str(count)})
            for code, count in counted
            if count > 0
        ),
        notes.Note(code="consequence.data_destroyed"),
        notes.Note(code="consequence.number_free"),
        notes.Note(code="consequence.records_kept" if records else "consequence.nothing_kept"),
    )


def my_closing(q: Reader) -> model.MyClosing | None:
    """The signed-in person's newest closing, and what they can do about it now."""
    found = store.newest_closing(q, person(q).account_id)
    if found is None:
        return None
    possible = []
    if found.kind is model.ClosingKind.CANCELLATION and model.CLOSING.allows(
        found.status, "withdraw"
    ):
        possible.append("withdraw")
    if found.appealed_at is None and model.CLOSING.allows(found.status, "appeal"):
        possible.append("appeal")
    told = found.status is not model.ClosingStatus.IN_REVIEW
    if found.kind is model.ClosingKind.TERMINATION and not told:
        # What staff only propose is not yet told to anybody.
        return None
    reason = q.policies(policies.Reason).get(found.reason)
    return model.MyClosing(
        id=found.id,
        kind=found.kind,
        status=found.status,
        reason=found.reason,
        reason_text=None if reason is None else reason.text,
        reasons=found.reasons,
        created_at=found.created_at,
        due_at=found.due_at,
        possible=tuple(possible),
    )


def my_data(q: Reader) -> model.MyData:
    """Everything that is kept of the signed-in person, in full, to take along (PI-5; PIPL 45).

    Raises: SecondFactorNeeded: whoever holds an unlocked phone does not get it.
    """
    require_second_factor(q)
    found = account(q, person(q).account_id)
    sections = {
        owned.table: tuple(_taken(q, owned, row, found.subject_id) for row in rows)
        for owned in (*store.OWNED, *q.parts.owned)
        for rows in (store.own_rows(q, owned, found.id),)
    }
    return model.MyData(account_id=found.id, taken_at=q.now, sections=sections)


def _taken(q: Reader, owned: notes.Owned, row: dict[str, object], subject_id: str) -> model.Row:
    taken = dict(store.plain(row, ("id", *owned.columns)))
    for column, purpose in owned.sealed.items():
        sealed = row[column]
        place = f"{owned.table}|{column}|{row['id']}"
        taken[column] = (
            q.open(
                subject_id, place, bytes(sealed), "evidence" if purpose == "evidence" else "profile"
            )
            if isinstance(sealed, bytes | memoryview)
            else None
        )
    return taken


def archives(q: Reader, *, limit: int = 100) -> list[model.ArchiveRow]:
    """The archives of cancelled accounts, for who may ask to read one.

    Raises: MayNot.
    """
    staffing.require(q, Right.MANAGE_ACCOUNTS)
    rows = []
    for one in store.archives(q, limit):
        request = store.newest_request(q, one.id, q.actor.text)
        rows.append(
            model.ArchiveRow(
                archive=one,
                clause=_clause(q, one),
                request=request,
                readable=one.status is model.ArchiveStatus.LOCKED and _is_open(q, request),
            )
        )
    return rows


def _is_open(q: Reader, request: model.ArchiveRequest | None) -> bool:
    return request is not None and request.open_until is not None and q.now < request.open_until


def _clause(q: Reader, one: model.Archive) -> Text | None:
    if one.policy_version is None:
        return None
    kept_under = q.get(policies.PolicyVersion, "policy_version", one.policy_version)
    return policies.Retention.model_validate_json(kept_under.body).clause


def _account_fields(q: Reader, account_id: str) -> tuple[reviewing.SheetField, ...]:
    found = account(q, account_id)
    return (
        reviewing.SheetField(
            name="name",
            label="Name",
            value=identifiers.masked_name(person_name(q, account_id)),
        ),
        reviewing.SheetField(
            name="phone",
            label="Phone number",
            value=identifiers.masked_phone(person_phone(q, account_id)),
        ),
        reviewing.SheetField(
            name="account",
            label="Account opened",
            value=f"{clock.civil_date(found.created_at):%Y-%m-%d}",
        ),
    )


def review_sheet_cancellation(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What staff see of a cancellation: whose account, and whether anything stands in the way."""
    closing = q.get(model.Closing, "closing", subject_id)
    if closing.status is model.ClosingStatus.CLOSED:
        return reviewing.Sheet(fields=())
    left = standing_in_the_way(
        q, closing.account_id, revoke_certificates=bool(closing.revoke_certificates)
    )
    live = sum(one.live for one in kept(q, closing.account_id))
    return reviewing.Sheet(
        fields=(
            *_account_fields(q, closing.account_id),
            reviewing.SheetField(
                name="certificates", label="Certificates to be revoked", value=str(live)
            ),
        ),
        checks=(
            reviewing.Check(
                label="Nothing stands in the way",
                ok=not left,
                detail=", ".join(sorted({note.code for note in left})),
            ),
            reviewing.Check(label="The person was told that nothing can be restored", ok=True),
        ),
    )


def review_sheet_account_termination(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the second member of staff sees of a proposed termination."""
    closing = q.get(model.Closing, "closing", subject_id)
    if closing.status is model.ClosingStatus.CLOSED:
        return reviewing.Sheet(fields=())
    reason = q.policies(policies.Reason).get(closing.reason)
    return reviewing.Sheet(
        fields=(
            *_account_fields(q, closing.account_id),
            reviewing.SheetField(
                name="reason",
                label="Ground for termination",
                value=closing.reason if reason is None else reason.text.zh,
            ),
            reviewing.SheetField(
                name="note", label="Note of the proposer", value=_opened(q, closing, "note")
            ),
        ),
        checks=(
            reviewing.Check(
                label="Nothing stands in the way",
                ok=not blockers(q, closing.account_id),
                detail=", ".join(sorted({n.code for n in blockers(q, closing.account_id)})),
            ),
        ),
    )


def review_sheet_termination_appeal(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What those who decide an appeal see: the termination, and what its person says."""
    sheet = review_sheet_account_termination(q, subject_id)
    closing = q.get(model.Closing, "closing", subject_id)
    if closing.status is model.ClosingStatus.CLOSED:
        return sheet
    said = reviewing.SheetField(name="appeal", label="Appeal", value=_opened(q, closing, "appeal"))
    return reviewing.Sheet(fields=(*sheet.fields, said), checks=sheet.checks)


def _opened(q: Reader, closing: model.Closing, column: str) -> str:
    sealed: bytes | None = getattr(closing, column)
    if sealed is None:
        return ""
    subject_id = account(q, closing.account_id).subject_id
    return q.open(subject_id, f"closing|{column}|{closing.id}", sealed)


def review_sheet_archive_release(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the second member of staff sees of a request to read an archive: nothing of what is in it."""
    request = q.get(model.ArchiveRequest, "archive_request", subject_id)
    archive = q.get(model.Archive, "archive", request.archive_id)
    reason = q.policies(policies.Reason).get(request.reason)
    return reviewing.Sheet(
        fields=(
            reviewing.SheetField(name="archive", label="Archive", value=archive.id),
            reviewing.SheetField(
                name="reason",
                label="Ground for reading",
                value=request.reason if reason is None else reason.text.zh,
            ),
            reviewing.SheetField(
                name="release",
                label="Locked until",
                value=f"{clock.civil_date(archive.release_at):%Y-%m-%d}",
            ),
        ),
        checks=(
            reviewing.Check(
                label="The archive still exists", ok=archive.status is model.ArchiveStatus.LOCKED
            ),
        ),
    )


def reasons_of(q: Reader, kind: str) -> dict[str, policies.Reason]:
    """The grounds that staff can name: `termination_ground`, `archive_ground`, `reveal_ground`."""
    return cases.reasons_for(q, kind)
