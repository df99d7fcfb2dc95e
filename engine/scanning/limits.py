"""How many QR codes a browser and an address may open, and how many unknown ones a source may try."""

from __future__ import annotations

from engine.kernel import actors, clock, errors, sources, vault
from engine.kernel.operation import Operation
from engine.policies import model as policies

_WITHIN_MS = clock.MINUTE


class TooManyCodes(errors.PolicyRefused):
    """Too many QR codes were asked for from here. Wait a minute and refresh."""

    http_status = 429
    wait_s = 60


class TooManyUnknown(errors.PolicyRefused):
    """Too many QR codes that are none of this platform were read from here. Wait a minute."""

    http_status = 429
    wait_s = 60


def count_opening(op: Operation) -> None:
    """Count a new ticket under its network address, where the door knows it.

    Raises: TooManyCodes.
    """
    if not op.source.address:
        return
    digest = vault.blind(op.parts.keyring, "ticket.opened", op.source.address)
    if sources.often(op, (digest,), op.policy(policies.Tickets).new_per_minute, _WITHIN_MS):
        raise TooManyCodes()
    sources.count(op, digest)


def _sources(op: Operation) -> list[bytes]:
    values = [("address", op.source.address)]
    if isinstance(op.actor, actors.Person):
        values.append(("account", op.actor.account_id))
    return [
        vault.blind(op.parts.keyring, f"ticket.unknown.{kind}", value)
        for kind, value in values
        if value
    ]


def require_few_unknown(op: Operation) -> None:
    """Whoever has just tried many unknown codes tries no more of them for a minute.

    Raises: TooManyUnknown.
    """
    most = op.policy(policies.Tickets).unknown_per_minute
    if sources.often(op, _sources(op), most, _WITHIN_MS):
        raise TooManyUnknown()


def count_unknown(op: Operation) -> None:
    """Count a code that no ticket belongs to, under its address and its account."""
    for digest in _sources(op):
        sources.count(op, digest)
