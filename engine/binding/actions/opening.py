"""The QR codes of the binding page and of the sign-in page."""

from __future__ import annotations

from engine.binding import model, store
from engine.kernel import errors, ids
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall_accounts
from engine.policies import model as policies
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets


class BoundAlready(errors.Conflict):
    """This account is bound already. Unbind it first."""


class InReviewAlready(errors.Conflict):
    """A binding of this account is in review already. Wait for the answer, or take it back first."""


def require_none_living(q: Reader, mall_account_id: str) -> None:
    """An account has one binding at most, waiting or holding.

    Raises: BoundAlready, InReviewAlready.
    """
    found = store.living(q, mall_account_id)
    if found is not None:
        raise BoundAlready() if found.status is model.BindingStatus.BOUND else InReviewAlready()


def open_binding_ticket(
    op: Operation, *, kind: tickets.TicketKind, nonce: str, browser_name: str = ""
) -> tickets.OpenedTicket:
    """The QR of 标证通扫码绑定, for the signed-in mall account's own browser (BND-1, guide 7.3.2).

    Emits: ticket.opened. Raises: BoundAlready, InReviewAlready, TooManyCodes.
    """
    account = mall_accounts.signed_in(op)
    require_none_living(op, account.id)
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
        browser_name=browser_name,
    )


def open_login_ticket(
    op: Operation, *, platform_id: str, kind: tickets.TicketKind, nonce: str, browser_name: str = ""
) -> tickets.OpenedTicket:
    """The QR of a platform's sign-in page, for a browser that nobody is signed in on (LOG-1, guide 7.5).

    Emits: ticket.opened. Raises: TooManyCodes.
    """
    platform = op.policy(policies.Platform, platform_id)
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.LOGIN,
        kind=kind,
        platform_id=platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={"title": platform.label.zh},
        browser_name=browser_name,
    )
