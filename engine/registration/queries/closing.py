"""What stands in the way of closing an account, what would follow, and what is kept of whom."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import notes, paging
from engine.kernel.catalog import Text
from engine.kernel.engine import require_second_factor
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration.model import closing as model
from engine.registration.model.members import MemberRole
from engine.registration.queries.accounts import account, person
from engine.registration.queries.claims import reasons_told
from engine.registration.queries.enterprises import enterprise
from engine.registration.store import closing as store
from engine.registration.store.members import administrators, members, memberships_of
from engine.registration.store.proofs import open_proof
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# The rule of keeping where a CA has none of its own.
_EVERY_CA = "certificates"
_ARCHIVES = paging.Window(limit=100)


def blockers(q: Reader, account_id: str) -> tuple[notes.Note, ...]:
    """What keeps an account from being cancelled, each subject named once."""
    found = [note for ask in q.parts.blockers for note in ask(q, account_id)]
    for one in memberships_of(q, account_id):
        sole = administrators(q, one.enterprise_id) == [account_id]
        if one.role is MemberRole.ADMINISTRATOR and sole and not _alone(q, one.enterprise_id):
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


def _alone(q: Reader, enterprise_id: str) -> bool:
    """Whether a member of an enterprise is the only one: it ends with their account."""
    return len(members(q, enterprise_id)) == 1


def standing_in_the_way(
    q: Reader, account_id: str, *, revoke_certificates: bool
) -> tuple[notes.Note, ...]:
    """The blockers that are left when the person lets their certificates be revoked, or does not."""
    found = blockers(q, account_id)
    if revoke_certificates:
        return tuple(note for note in found if note.code != model.CERTIFICATE_LIVE)
    return found


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
        (
            "consequence.enterprises_closed",
            sum(_alone(q, one.enterprise_id) for one in memberships),
        ),
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
        reasons=reasons_told(q, found.reasons),
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


def archives(q: Reader, *, window: paging.Window = _ARCHIVES) -> list[model.ArchiveRow]:
    """The archives of cancelled accounts, for who may ask to read one.

    Raises: MayNot.
    """
    staffing.require(q, Right.MANAGE_ACCOUNTS)
    rows = []
    for one in store.archives(q, window):
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


def reasons_of(q: Reader, kind: str) -> dict[str, policies.Reason]:
    """The grounds that staff can name: `termination_ground`, `archive_ground`, `reveal_ground`."""
    return cases.reasons_for(q, kind)
