"""Binding by scan, and signing in by scan: the QR on the PC, the PIN on the phone."""

from __future__ import annotations

from engine.binding import model, queries
from engine.issuing import model as issuing
from engine.issuing import proofs
from engine.kernel import errors, ids
from engine.kernel.operation import Operation
from engine.mall import actions as mall
from engine.mall import model as mall_model
from engine.mall import queries as mall_accounts
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets


class WrongCertificateKind(errors.PolicyRefused):
    """This QR code needs another kind of certificate: {needed}. Choose that one, or the other QR."""


class OtherPlatform(errors.PolicyRefused):
    """This certificate belongs to another trading platform. Choose one of this platform."""


class OtherEnterprise(errors.PolicyRefused):
    """This certificate belongs to another enterprise than the account on the PC."""


class BoundAlready(errors.Conflict):
    """This account is bound already. Unbind it first."""


class NeverBound(errors.PolicyRefused):
    """This certificate is not bound to an account here yet. Sign in by password and bind it first."""


class NothingBound(errors.NotFound):
    """This account is not bound to a certificate."""


def open_binding_ticket(
    op: Operation, *, kind: tickets.TicketKind, nonce: str
) -> tickets.OpenedTicket:
    """The QR of 标证通扫码绑定, for the signed-in mall account's own browser.

    Emits: ticket.opened. Raises: BoundAlready.
    """
    account = mall_accounts.signed_in(op)
    if queries.of_mall_account(op, account.id) is not None:
        raise BoundAlready()
    enterprise = people.enterprise(op, account.enterprise_id)
    platform = op.policy(policies.Platform, account.platform_id)
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.BIND,
        kind=kind,
        platform_id=account.platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={
            "title": platform.label.zh,
            "login": account.login,
            "enterprise": enterprise.name,
            "mall_account": account.id,
        },
    )


def _fits(op: Operation, ticket: tickets.Ticket, certificate: issuing.Certificate) -> None:
    if ticket.kind is tickets.TicketKind.PLATFORM:
        if certificate.kind != "platform":
            raise WrongCertificateKind(needed="platform")
        if certificate.platform_id != ticket.platform_id:
            raise OtherPlatform()
    elif (
        certificate.kind != "national"
        or not op.policy(policies.CertificateAgency, certificate.agency_id).country_wide
    ):
        raise WrongCertificateKind(needed="national")


def _proved(
    op: Operation,
    *,
    ticket_id: str,
    certificate_id: str,
    signature: bytes,
    purpose: tickets.Purpose,
) -> tuple[tickets.Ticket, issuing.Certificate]:
    ticket = scanning.living(op, ticket_id, purpose)
    tickets.TICKET.advance(ticket.status, "confirm")
    shown = op.get(issuing.Certificate, "certificate", certificate_id)
    if shown.account_id == people.person(op).account_id:
        _fits(op, ticket, shown)
    certificate = proofs.require_proof(
        op,
        certificate_id=certificate_id,
        message=tickets.challenge_of(ticket),
        signature=signature,
    )
    return ticket, certificate


def confirm_binding(
    op: Operation, *, ticket_id: str, certificate_id: str, signature: bytes
) -> model.Binding:
    """The person who scanned proves a certificate; a matching enterprise is bound at once.

    Emits: pin.proved, ticket.confirmed, binding.bound. Raises: WrongCertificateKind, OtherPlatform,
    OtherEnterprise, BoundAlready, and those of the ticket and the proof.
    """
    ticket, certificate = _proved(
        op,
        ticket_id=ticket_id,
        certificate_id=certificate_id,
        signature=signature,
        purpose=tickets.Purpose.BIND,
    )
    account = mall_accounts.mall_account(op, ticket.payload["mall_account"])
    if account.enterprise_id != certificate.enterprise_id:
        raise OtherEnterprise()
    if queries.of_mall_account(op, account.id) is not None:
        raise BoundAlready()
    binding = model.Binding(
        id=op.new_id("bnd"),
        mall_account_id=account.id,
        certificate_id=certificate.id,
        enterprise_id=certificate.enterprise_id,
        account_id=certificate.account_id,
        platform_id=account.platform_id,
        status="bound",
        created_at=op.now,
        ended_at=None,
    )
    op.insert("binding", binding)
    op.record("binding.bound", binding.id, mall_account_id=account.id)
    scanning.take_confirmed(
        op, ticket_id=ticket_id, purpose=tickets.Purpose.BIND, result={"binding": binding.id}
    )
    messaging.notify(
        op,
        account_id=certificate.account_id,
        kind="binding.bound",
        params={"login": account.login},
        subject=binding.id,
    )
    return binding


def unbind(op: Operation) -> model.Binding:
    """The signed-in mall account gives up its binding.

    Emits: binding.unbound, message.sent. Raises: NothingBound.
    """
    found = queries.of_mall_account(op, mall_accounts.signed_in(op).id)
    if found is None:
        raise NothingBound(what="binding")
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="binding.unbound",
        params={"login": mall_accounts.signed_in(op).login},
        subject=found.id,
    )
    return end(op, found)


def end(op: Operation, found: model.Binding) -> model.Binding:
    """End a binding. Composed by `unbind` and by reactions.

    Emits: binding.unbound.
    """
    op.update(
        "binding",
        found.id,
        {"status": "unbound", "ended_at": op.now},
        was={"status": found.status},
    )
    op.record("binding.unbound", found.id, mall_account_id=found.mall_account_id)
    return op.get(model.Binding, "binding", found.id)


def open_login_ticket(
    op: Operation, *, platform_id: str, kind: tickets.TicketKind, nonce: str
) -> tickets.OpenedTicket:
    """The QR of a platform's sign-in page, for a browser that nobody is signed in on.

    Emits: ticket.opened.
    """
    platform = op.policy(policies.Platform, platform_id)
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.LOGIN,
        kind=kind,
        platform_id=platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={"title": platform.label.zh},
    )


def confirm_login(
    op: Operation, *, ticket_id: str, certificate_id: str, signature: bytes
) -> tickets.Ticket:
    """The person who scanned proves the certificate that is bound to an account of this platform.

    Emits: pin.proved, ticket.confirmed. Raises: NeverBound, WrongCertificateKind, OtherPlatform, and
    those of the ticket and the proof.
    """
    ticket, certificate = _proved(
        op,
        ticket_id=ticket_id,
        certificate_id=certificate_id,
        signature=signature,
        purpose=tickets.Purpose.LOGIN,
    )
    here = [
        one
        for one in queries.of_certificate(op, certificate.id)
        if one.platform_id == ticket.platform_id
    ]
    if not here:
        raise NeverBound()
    return scanning.take_confirmed(
        op,
        ticket_id=ticket_id,
        purpose=tickets.Purpose.LOGIN,
        result={"mall_account": here[0].mall_account_id},
    )


def finish_login(op: Operation, *, ticket_id: str, nonce: str) -> mall_model.MallSession:
    """The browser takes the session that its QR was confirmed for, once.

    Emits: ticket.consumed, mall_account.signed_in. Raises: NotFound for any other browser.
    """
    ticket = scanning.consume(op, ticket_id=ticket_id, nonce=nonce)
    if ticket.purpose is not tickets.Purpose.LOGIN:
        raise scanning.WrongPurpose()
    return mall.open_session(op, mall_account_id=ticket.result["mall_account"], way="scan")
