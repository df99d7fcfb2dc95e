"""Making a ticket for a browser, with the pictures that it shows one after the other."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.scanning import limits, model, networks, store
from engine.scanning.actions.moving import move


def open_ticket(
    op: Operation,
    *,
    purpose: model.Purpose,
    kind: model.TicketKind,
    platform_id: str,
    nonce_hash: bytes,
    payload: dict[str, str],
    browser_name: str = "",
) -> model.OpenedTicket:
    """Make a ticket for the browser whose nonce has this hash. Composed by upper stages.

    Where the browser is and what it calls itself stand in the payload, and so in what is confirmed. A
    browser with too many open codes loses its oldest. Emits: ticket.opened, ticket.cancelled. Raises:
    TooManyCodes.
    """
    limits.count_opening(op)
    rule = op.policy(policies.Tickets)
    living_here = store.open_in_browser(op, nonce_hash)
    for oldest in living_here[: max(0, len(living_here) + 1 - rule.open_per_browser)]:
        move(op, oldest, "cancel", "ticket.cancelled")
    told = {
        model.PLACE: networks.place_of(op.source.address),
        model.BROWSER: model.clean_name(browser_name),
    }
    token = ids.token(op.entropy, 16)
    ticket = model.Ticket(
        id=op.new_id("tkt"),
        token_hash=ids.token_hash(token),
        purpose=purpose,
        kind=kind,
        platform_id=platform_id,
        nonce_hash=nonce_hash,
        requester=op.actor.text,
        payload=payload | {name: value for name, value in told.items() if value},
        status=model.TICKET.initial,
        created_at=op.now,
        expires_at=op.now + rule.lifetime_ms,
        account_id=None,
        device_id=None,
        scanned_at=None,
        confirmed_at=None,
        result={},
    )
    op.insert("ticket", ticket)
    op.record("ticket.opened", ticket.id, purpose=purpose, kind=kind)
    first, *later = _pictures(op, rule, purpose, token)
    return model.OpenedTicket(ticket=ticket, qr_text=first.qr_text, later=tuple(later))


def _pictures(
    op: Operation, rule: policies.Tickets, purpose: model.Purpose, token: str
) -> list[model.Picture]:
    keyring, world_id = op.parts.keyring, op.parts.world_id
    return [
        model.Picture(
            qr_text=model.picture_text(keyring, world_id, purpose, token, number),
            after_ms=number * rule.picture_ms,
        )
        for number in range(-(-rule.lifetime_ms // rule.picture_ms))
    ]
