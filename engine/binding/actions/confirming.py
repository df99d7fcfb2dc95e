"""The phone confirms: a binding, with the registration that it may need, or a sign-in at a PC."""

from __future__ import annotations

import contextlib

from engine.binding import entities, model, store
from engine.binding.actions import opening
from engine.issuing import coverage, proofs
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import actions as mall
from engine.mall import model as mall_model
from engine.mall import queries as mall_accounts
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.trusting import queries as trusting

# What a certificate is used for, by what its QR was made for.
_ACTS: dict[tickets.Purpose, coverage.Act] = {
    tickets.Purpose.BIND: "bind",
    tickets.Purpose.LOGIN: "login",
}


class WrongCertificateKind(errors.PolicyRefused):
    """This QR code needs another kind of certificate: {needed}. Choose that one, or the other QR."""


class OtherPlatform(errors.PolicyRefused):
    """This certificate belongs to another trading platform. Choose one of this platform."""


class OtherEnterprise(errors.PolicyRefused):
    """This certificate belongs to another enterprise than the account on the PC."""


class NeverBound(errors.PolicyRefused):
    """You have bound no certificate to an account here yet. Sign in by password and bind it first."""

    commits = True


class NotThisCertificate(errors.PolicyRefused):
    """This certificate is not bound to an account here, another one of yours is. Choose that one."""


def require_fits(op: Operation, ticket: tickets.Ticket, certificate: issuing.Certificate) -> None:
    """Refuse a certificate of another kind than a QR asks for. Composed by upper stages too.

    Raises: WrongCertificateKind, OtherPlatform, and those of the trust list.
    """
    if ticket.kind is tickets.TicketKind.PLATFORM:
        if certificate.kind != "platform":
            raise WrongCertificateKind(needed="platform")
        if certificate.platform_id != ticket.platform_id:
            raise OtherPlatform()
        return
    if certificate.kind != "national":
        raise WrongCertificateKind(needed="national")
    # Any CA's that the signed trust list recognizes at this moment. A person's own is kept under their key.
    der = certificates.opened(op, certificate).der
    trusting.require_recognised(op, (der,) if der else ())


def _judged(
    op: Operation, ticket_id: str, certificate_id: str, proof: issuing.KeyProof
) -> contextlib.AbstractContextManager[None]:
    """Around everything that can refuse a confirmation before its PIN: a right try is not left counted."""
    ticket = op.first(tickets.Ticket, "SELECT * FROM ticket WHERE id = ?", (ticket_id,))
    if ticket is None:
        return contextlib.nullcontext()
    return proofs.judged(op, certificate_id, tickets.challenge_of(ticket), proof)


def _asked(
    op: Operation, ticket_id: str, certificate_id: str, purpose: tickets.Purpose, number: str
) -> tuple[tickets.Ticket, issuing.Certificate]:
    """The living ticket and the person's own certificate, before anything is proved."""
    ticket = scanning.living(op, ticket_id, purpose)
    tickets.TICKET.advance(ticket.status, "confirm")
    shown = op.first(
        issuing.Certificate,
        "SELECT * FROM certificate WHERE id = ? AND account_id = ? AND usage = 'signing'",
        (certificate_id, people.person(op).account_id),
    )
    if shown is None:
        raise errors.NotFound(what="certificate")
    require_fits(op, ticket, shown)
    scanning.require_number(op, ticket, number)
    return ticket, shown


def _proved(
    op: Operation,
    ticket: tickets.Ticket,
    certificate: issuing.Certificate,
    proof: issuing.KeyProof,
) -> bytes:
    """The certificate's whole signature over the ticket, which is kept with it."""
    return proofs.require_proof(
        op,
        certificate_id=certificate.id,
        message=tickets.challenge_of(ticket),
        proof=proof,
        act=_ACTS[ticket.purpose],
    ).signature


def _confirmed(
    op: Operation,
    ticket: tickets.Ticket,
    certificate: issuing.Certificate,
    signature: bytes,
    result: dict[str, str],
) -> tickets.Ticket:
    return scanning.take_confirmed(
        op,
        ticket_id=ticket.id,
        purpose=ticket.purpose,
        result=result,
        certificate_id=certificate.id,
        confirmation=signature,
    )


def confirm_binding(
    op: Operation,
    *,
    ticket_id: str,
    certificate_id: str,
    proof: issuing.KeyProof,
    number: str = "",
    particulars: dict[str, str] | None = None,
) -> model.Binding:
    """The person who scanned proves a certificate and hands in what 主体注册 asks (BND-1, guide 7.3.2).

    It binds at once where the enterprise matches and its particulars agree, and waits for staff where
    they do not. Emits: pin.proved, ticket.confirmed, entity.submitted, then entity.registered and
    binding.bound, or case.opened and binding.submitted. Raises: WrongCertificateKind, OtherPlatform,
    OtherEnterprise, OutOfScope, OtherEvent, BoundAlready, InReviewAlready, those of the particulars, the
    digits, the ticket and the proof.
    """
    with _judged(op, ticket_id, certificate_id, proof):
        ticket, certificate = _asked(op, ticket_id, certificate_id, tickets.Purpose.BIND, number)
        account = mall_accounts.mall_account(op, ticket.payload["mall_account"])
        if account.enterprise_id != certificate.enterprise_id:
            raise OtherEnterprise()
        # An enterprise's account is bound to the enterprise's own certificate.
        coverage.require(op, certificate, "bind")
        opening.require_none_living(op, account.id)
        enterprise = people.enterprise(op, account.enterprise_id)
        entity = store.living_entity(op, account.platform_id, enterprise.id)
        rules = op.policy(policies.EntityRules)
        answers = {} if entity else entities.clean(rules, particulars or {})
    signature = _proved(op, ticket, certificate, proof)
    if entity is None:
        entity = entities.register(
            op,
            platform_id=account.platform_id,
            certificate_id=certificate.id,
            account_id=certificate.account_id,
            enterprise=enterprise,
            kind=ticket.kind,
            particulars=answers,
        )
    binding = submit(op, account, certificate, entity_id=entity.id)
    if entity.status is model.EntityStatus.REGISTERED:
        binding = bind(op, binding)
    else:
        _tell(op, binding, "binding.in_review")
    _confirmed(
        op, ticket, certificate, signature, {"binding": binding.id, "status": binding.status}
    )
    return binding


def submit(
    op: Operation,
    account: mall_model.MallAccount,
    certificate: issuing.Certificate,
    *,
    entity_id: str | None,
    moved_from: str | None = None,
) -> model.Binding:
    """A binding that waits. Composed by `confirm_binding` and when a binding moves along.

    Emits: binding.submitted.
    """
    binding = model.Binding(
        id=op.new_id("bnd"),
        mall_account_id=account.id,
        certificate_id=certificate.id,
        enterprise_id=account.enterprise_id,
        account_id=certificate.account_id,
        platform_id=account.platform_id,
        entity_id=entity_id,
        moved_from=moved_from,
        status=model.BINDING.initial,
        created_at=op.now,
        bound_at=None,
        ended_at=None,
    )
    op.insert("binding", binding)
    op.record("binding.submitted", binding.id, mall_account_id=account.id)
    return binding


def _tell(op: Operation, binding: model.Binding, kind: str) -> None:
    login = mall_accounts.mall_account(op, binding.mall_account_id).login
    messaging.notify(
        op,
        account_id=binding.account_id,
        kind=kind,
        params={"login": login},
        subject=binding.id,
    )


def bind(op: Operation, binding: model.Binding, *, told: str = "binding.bound") -> model.Binding:
    """A waiting binding holds from now on. Composed by `confirm_binding` and by decisions.

    Emits: binding.bound, message.sent.
    """
    status = model.BINDING.advance(binding.status, "bind")
    op.update(
        "binding",
        binding.id,
        {"status": status, "bound_at": op.now},
        was={"status": binding.status},
    )
    op.record("binding.bound", binding.id, mall_account_id=binding.mall_account_id)
    _tell(op, binding, told)
    return op.get(model.Binding, "binding", binding.id)


def _opens(
    op: Operation, ticket: tickets.Ticket, certificate: issuing.Certificate
) -> model.Binding:
    """The binding that a certificate opens an account by: its own, or its enterprise's if it names that."""
    coverage.require(op, certificate, "login")
    found = [
        one for one in store.bound_with(op, certificate.id) if one.platform_id == ticket.platform_id
    ]
    names_its_acts = certificate.delegated_by is not None or certificate.one_time
    if not found and names_its_acts and certificate.enterprise_id:
        found = store.bound_at_platform(op, certificate.enterprise_id, ticket.platform_id)
    if found:
        return found[0]
    if store.bound_by(op, certificate.account_id, ticket.platform_id):
        raise NotThisCertificate()
    # The PC is told, and offers the password.
    scanning.end_refused(op, ticket_id=ticket.id, why="never_bound")
    raise NeverBound()


def confirm_login(
    op: Operation, *, ticket_id: str, certificate_id: str, proof: issuing.KeyProof, number: str = ""
) -> tickets.Ticket:
    """The person who scanned proves a certificate that opens an account of this platform (LOG-1).

    It is the bound one, or one that names signing in among its acts, of an enterprise that is bound. Emits:
    pin.proved, ticket.confirmed; ticket.refused. Raises: NeverBound (committed: the ticket ends),
    NotThisCertificate, OutOfScope, OtherEvent, WrongCertificateKind, OtherPlatform, and those of the
    digits, the ticket and the proof.
    """
    with _judged(op, ticket_id, certificate_id, proof):
        ticket, certificate = _asked(op, ticket_id, certificate_id, tickets.Purpose.LOGIN, number)
        bound = _opens(op, ticket, certificate)
    signature = _proved(op, ticket, certificate, proof)
    return _confirmed(op, ticket, certificate, signature, {"mall_account": bound.mall_account_id})


def finish_login(op: Operation, *, ticket_id: str, nonce: str) -> mall_model.MallSession:
    """The browser takes the session that its QR was confirmed for, once; its token is a fresh one.

    Emits: ticket.consumed, mall_account.signed_in. Raises: NotFound for any other browser.
    """
    ticket = scanning.consume(op, ticket_id=ticket_id, nonce=nonce)
    if ticket.purpose is not tickets.Purpose.LOGIN:
        raise scanning.WrongPurpose()
    return mall.open_session(
        op,
        mall_account_id=ticket.result["mall_account"],
        way="scan",
        nonce=nonce,
        browser_name=ticket.payload.get(tickets.BROWSER, ""),
        certificate_id=ticket.certificate_id or "",
        scanned_by=ticket.account_id or "",
    )
