"""主体注册: what is asked, what of it is known already, and where an answer differs from that (BND-1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from engine.binding import model, store
from engine.kernel import codec, errors, identifiers
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases

_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


class ParticularMissing(errors.InvalidInput):
    """Fill this in: the platform registers your enterprise with it."""


class ParticularInvalid(errors.InvalidInput):
    """This is not valid here. Check it and enter it again."""


class ParticularUnknown(errors.InvalidInput):
    """The registration has no such field. Open the page again and repeat."""


def place(entity_id: str) -> str:
    """Where the particulars of a registration are sealed."""
    return f"entity|particulars|{entity_id}"


def known(q: Reader, enterprise: registration.Enterprise, account_id: str) -> dict[str, str]:
    """What the platform knows of what can be asked, by `same_as`."""
    return {
        "": "",
        "holder_name": people.person_name(q, account_id),
        "holder_phone": people.person_phone(q, account_id),
        # Digits 3 to 8 of the unified social credit code are the region of the registering office.
        "register_region": enterprise.uscc[2:4],
    }


def answers(q: Reader, entity: model.Entity) -> dict[str, str]:
    """The particulars of a registration, field → answer.

    Raises: vault.Destroyed once the enterprise's key is gone.
    """
    subject_id = people.enterprise(q, entity.enterprise_id).subject_id
    text = q.open(subject_id, place(entity.id), entity.particulars)
    found: dict[str, str] = json.loads(text)
    return found


def clean(rule: policies.EntityRules, given: Mapping[str, str]) -> dict[str, str]:
    """The answers as they are kept.

    Raises: ParticularMissing, ParticularInvalid and ParticularUnknown, each naming its field.
    """
    unknown = given.keys() - {field.code for field in rule.fields}
    if unknown:
        raise ParticularUnknown(field=sorted(unknown)[0])
    return {field.code: _clean(field, given.get(field.code, "")) for field in rule.fields}


def _clean(field: policies.EntityField, text: str) -> str:
    value = " ".join(text.split())
    if not value:
        if field.required:
            raise ParticularMissing(field=field.code)
        return ""
    try:
        if field.kind == "name":
            value = identifiers.person_name(value)
        elif field.kind == "phone":
            value = identifiers.phone(value)
    except errors.InvalidInput as problem:
        raise ParticularInvalid(field=field.code) from problem
    offered = {choice.code for choice in field.choices}
    wrong = (
        len(value) > field.longest
        or not value.isprintable()
        or (field.kind == "email" and not _EMAIL.fullmatch(value))
        or (field.kind == "choice" and value not in offered)
    )
    if wrong:
        raise ParticularInvalid(field=field.code)
    return value


def differing(
    rule: policies.EntityRules, given: Mapping[str, str], what_is_known: Mapping[str, str]
) -> tuple[str, ...]:
    """The fields whose answer is not what the platform knows."""
    return tuple(
        field.code
        for field in rule.fields
        if field.same_as and given[field.code] != what_is_known[field.same_as]
    )


def register(
    op: Operation,
    *,
    platform_id: str,
    certificate_id: str,
    account_id: str,
    enterprise: registration.Enterprise,
    kind: str,
    particulars: Mapping[str, str],
) -> model.Entity:
    """Register an enterprise at a platform: at once where all agrees, else staff look at it.

    Composed by `confirm_binding`. Emits: entity.submitted, then entity.registered or case.opened.
    """
    rule = op.policy(policies.EntityRules)
    differs = differing(rule, particulars, known(op, enterprise, account_id))
    entity_id = op.new_id("ent")
    earlier = [one.id for one in store.entities(op, platform_id, enterprise.id)]
    entity = model.Entity(
        id=entity_id,
        platform_id=platform_id,
        enterprise_id=enterprise.id,
        account_id=account_id,
        certificate_id=certificate_id,
        kind=kind,
        particulars=op.seal(
            enterprise.subject_id, place(entity_id), codec.canonical(dict(particulars))
        ),
        differs=differs,
        status=model.ENTITY.initial,
        reasons=(),
        created_at=op.now,
        decided_at=None,
    )
    op.insert("entity", entity)
    op.record(
        "entity.submitted", entity.id, account_id=account_id, platform_id=platform_id, kind=kind
    )
    if differs or kind in rule.review_new:
        reviewing.open_case(
            op,
            kind="entity",
            subject_id=entity.id,
            title=enterprise.name,
            maker=op.actor.text,
            platform_id=platform_id,
            corrects=cases.corrected(op, earlier),
        )
        return entity
    return accept(op, entity)


def accept(op: Operation, entity: model.Entity) -> model.Entity:
    """An enterprise is registered at the platform.

    Emits: entity.registered.
    """
    status = model.ENTITY.advance(entity.status, "register")
    op.update(
        "entity",
        entity.id,
        {"status": status, "decided_at": op.now},
        was={"status": entity.status},
    )
    op.record("entity.registered", entity.id, enterprise_id=entity.enterprise_id)
    return op.get(model.Entity, "entity", entity.id)


def reject(op: Operation, entity: model.Entity, reasons: tuple[str, ...]) -> model.Entity:
    """An enterprise's registration is turned down, for reasons that its phone shows.

    Emits: entity.rejected.
    """
    status = model.ENTITY.advance(entity.status, "reject")
    op.update(
        "entity",
        entity.id,
        {"status": status, "reasons": list(reasons), "decided_at": op.now},
        was={"status": entity.status},
    )
    op.record("entity.rejected", entity.id, enterprise_id=entity.enterprise_id)
    return op.get(model.Entity, "entity", entity.id)
