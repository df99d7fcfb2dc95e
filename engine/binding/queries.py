"""Which certificate a mall account is bound to, and how far a binding is."""

from __future__ import annotations

from engine.binding import entities, model, store
from engine.issuing import queries as certificates
from engine.kernel import actors, errors, identifiers, notes
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.scanning import model as tickets
from engine.scanning import queries as scanning


class CertificateNotBound(errors.PolicyRefused):
    """This needs an active certificate that is bound to the account. Apply, download and bind."""


def of_mall_account(q: Reader, mall_account_id: str) -> model.Binding | None:
    """The binding of a mall account that holds."""
    found = store.living(q, mall_account_id)
    return found if found is not None and found.status is model.BindingStatus.BOUND else None


def mine(q: Reader) -> model.Binding | None:
    """The binding of the signed-in mall account that holds."""
    if not isinstance(q.actor, actors.MallAccount):
        return None
    return of_mall_account(q, q.actor.mall_account_id)


def _why(q: Reader, entity: model.Entity) -> tuple[tuple[Text, ...], str]:
    known = cases.reasons(q)
    return tuple(known[code].text for code in entity.reasons if code in known), ""


def course(q: Reader) -> model.Course:
    """How far the signed-in mall account's binding is, and why one was rejected (BND-2).

    Raises: NotPermitted for anybody but a mall account.
    """
    account = mall.signed_in(q)
    found = store.newest(q, account.id)
    if found is None or found.status is model.BindingStatus.UNBOUND:
        return model.Course(status="none")
    reasons: tuple[Text, ...] = ()
    if found.status is model.BindingStatus.REJECTED and found.entity_id is not None:
        reasons, _ = _why(q, q.get(model.Entity, "entity", found.entity_id))
    return model.Course(
        status=found.status,
        binding_id=found.id,
        certificate_id=found.certificate_id,
        since=found.bound_at or found.created_at,
        reasons=reasons,
    )


def of_phone(q: Reader) -> tuple[model.PhoneBinding, ...]:
    """The person's bindings that hold, wait or were rejected, newest first."""
    return tuple(_on_phone(q, one) for one in store.of_person(q, people.person(q).account_id))


def on_phone(q: Reader, binding_id: str) -> model.PhoneBinding:
    """One of the person's bindings, which their phone waits for (BND-2).

    Raises: NotFound.
    """
    found = q.get(model.Binding, "binding", binding_id)
    if found.account_id != people.person(q).account_id:
        raise errors.NotFound(what="binding")
    return _on_phone(q, found)


def _on_phone(q: Reader, found: model.Binding) -> model.PhoneBinding:
    reasons: tuple[Text, ...] = ()
    if found.status is model.BindingStatus.REJECTED and found.entity_id is not None:
        reasons, _ = _why(q, q.get(model.Entity, "entity", found.entity_id))
    return model.PhoneBinding(
        id=found.id,
        certificate_id=found.certificate_id,
        platform_id=found.platform_id,
        login=mall.mall_account(q, found.mall_account_id).login,
        status=found.status,
        created_at=found.created_at,
        bound_at=found.bound_at,
        reasons=reasons,
    )


def entity_form(q: Reader, ticket_id: str) -> model.EntityForm:
    """What 主体注册 asks on the phone that scanned a binding's QR, filled with what is known (BND-1).

    After a rejection it starts from what was handed in. Raises: NotFound for another person's ticket.
    """
    ticket = scanning.for_phone(q, ticket_id)
    if ticket.purpose is not tickets.Purpose.BIND:
        raise errors.NotFound(what="QR code")
    account = mall.mall_account(q, ticket.payload["mall_account"])
    enterprise = people.enterprise(q, account.enterprise_id)
    earlier = store.entities(q, account.platform_id, enterprise.id)
    living = any(one.status is not model.EntityStatus.REJECTED for one in earlier)
    reasons: tuple[Text, ...] = ()
    known: dict[str, str] = {}
    # Who has a certificate of this enterprise may see what was handed in for it, nobody else.
    own = any(one.enterprise_id == enterprise.id for one in certificates.mine(q))
    if earlier and not living and own:
        known = entities.answers(q, earlier[0])
        reasons, _ = _why(q, earlier[0])
    return model.EntityForm(
        enterprise=enterprise.name,
        uscc=enterprise.uscc,
        login=account.login,
        fields=() if living else _fields(q, enterprise, people.person(q).account_id, known),
        reasons=reasons,
    )


def _fields(
    q: Reader, enterprise: registration.Enterprise, account_id: str, given: dict[str, str]
) -> tuple[model.FormField, ...]:
    what_is_known = entities.known(q, enterprise, account_id)
    return tuple(
        model.FormField(
            code=field.code,
            label=field.label,
            hint=field.hint,
            kind=field.kind,
            required=field.required,
            longest=field.longest,
            choices=field.choices,
            value=given.get(field.code, what_is_known[field.same_as]),
        )
        for field in q.policy(policies.EntityRules).fields
    )


_MASKED = {
    "name": identifiers.masked_name,
    "phone": identifiers.masked_phone,
}


def _sheet_field(q: Reader, field: policies.EntityField, answer: str) -> reviewing.SheetField:
    label = field.label.en
    if field.kind in _MASKED:
        return cases.masked(q, field.code, label=label, whole=answer, mask=_MASKED[field.kind])
    chosen = next((one.label for one in field.choices if one.code == answer), answer)
    return reviewing.SheetField(name=field.code, label=label, value=chosen)


def review_sheet_entity(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the reviewer of a registration compares: the enterprise, its answers, and what is known."""
    entity = q.get(model.Entity, "entity", subject_id)
    enterprise = people.enterprise(q, entity.enterprise_id)
    given = entities.answers(q, entity)
    rule = q.policy(policies.EntityRules)
    fields = (
        reviewing.SheetField(name="enterprise", label="Enterprise name", value=enterprise.name),
        reviewing.SheetField(
            name="uscc", label="Unified social credit code", value=enterprise.uscc
        ),
        *(_sheet_field(q, field, given.get(field.code, "")) for field in rule.fields),
        cases.masked(
            q,
            "applicant",
            label="Applicant",
            whole=people.person_name(q, entity.account_id),
            mask=identifiers.masked_name,
        ),
        reviewing.SheetField(
            name="kind",
            label="QR code",
            value=Text(zh="全国 CA 互认二维码", en="National CA mutual recognition QR code")
            if entity.kind == tickets.TicketKind.NATIONAL
            else Text(zh="新点标证通 APP 二维码", en="Biaozhengtong app QR code"),
        ),
    )
    return reviewing.Sheet(fields=fields, checks=_checks(rule, entity))


_AGREES = {
    "holder_name": "The contact is the certificate's holder",
    "holder_phone": "The phone number is the holder's own",
    "register_region": "The region is that of the credit code",
}


def _checks(rule: policies.EntityRules, entity: model.Entity) -> tuple[reviewing.Check, ...]:
    return tuple(
        reviewing.Check(label=_AGREES[field.same_as], ok=field.code not in entity.differs)
        for field in rule.fields
        if field.same_as
    )


def is_certified(q: Reader, mall_account_id: str) -> bool:
    """Whether a mall account is bound to a certificate that can be used now (G-notice-1)."""
    found = of_mall_account(q, mall_account_id)
    return found is not None and any(
        one.id == found.certificate_id for one in certificates.active(q, found.enterprise_id)
    )


def of_certificate(q: Reader, certificate_id: str) -> list[model.Binding]:
    """The bindings that hold by a certificate, oldest first."""
    return store.bound_with(q, certificate_id)


def consequences(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[notes.Note]:
    """Which bindings end with the certificates that a change of particulars would end (ENT-4)."""
    return [
        notes.Note(code="consequence.binding_ended", subject=found.id)
        for one in certificates.naming(q, enterprise_id, changed)
        for found in store.living_with(q, one.id)
    ]


def watch(q: Reader, ticket_id: str, nonce: str) -> tickets.Watched:
    """What became of a QR, for the browser that asked for it; with the two digits where it shows them.

    Raises: NotFound for any other browser.
    """
    return scanning.watch(q, ticket_id, nonce)
