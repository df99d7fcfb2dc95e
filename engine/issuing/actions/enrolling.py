"""Taking in a key that a phone made, and asking for its certificate."""

from __future__ import annotations

from engine.incidents import queries as incidents
from engine.issuing import model, schemes, store
from engine.issuing.actions import requesting
from engine.kernel import challenges, errors
from engine.kernel.engine import prepared_by, second_factor
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.registration import queries as people


class NotReady(errors.PolicyRefused):
    """This order's certificate cannot be downloaded yet. Wait for payment and both reviews."""


class KeyNotProved(errors.InvalidInput):
    """The new key could not prove itself. Nothing was requested; try again."""


class RequestedAlready(errors.Conflict):
    """This order's certificate was requested with another key already. Use the phone it was made on."""


def _to_download(q: Reader, order_id: str) -> ordering.Order:
    order = orders.to_download(q, order_id)
    if order.status is not ordering.OrderStatus.AWAITING_DOWNLOAD:
        raise NotReady()
    return order


def prepare(
    q: Reader,
    *,
    order_id: str,
    scheme: str,
    public_material: bytes,
    proof: bytes,
    server_share: bytes = b"",
) -> schemes.NewKey | None:
    """For `prepared_by`: the server's part of the key is made, and both halves are tried on one another.

    None where the order has its request already. Raises: NotReady, KeyNotProved, what the scheme refuses,
    incidents.IssuingStopped.
    """
    order = _to_download(q, order_id)
    if store.of_order(q, order_id) is not None:
        return None
    incidents.require_issuing(q, order.agency_id)
    if scheme not in model.SCHEMES[q.parts.kind]:
        raise schemes.KeyKindRefused(field="scheme")
    chosen = schemes.named(scheme)
    made = chosen.taken_in(public_material, server_share, q.parts.entropy)
    message = challenges.of_request(order_id=order_id, scheme=scheme, key=public_material)
    if not chosen.possessed(made, message, proof):
        raise KeyNotProved(field="proof")
    return made


@second_factor
@prepared_by(prepare)
def request_certificate(
    op: Operation,
    *,
    order_id: str,
    scheme: str,
    public_material: bytes,
    proof: bytes,
    server_share: bytes = b"",
    prepared: schemes.NewKey | None = None,
) -> model.Certificate:
    """Ask for the certificate of an approved and paid order, with a key made on this phone.

    `public_material` is the phone's modulus (big-endian) and `server_share` what it hands over of its
    exponent; of a whole key, the SubjectPublicKeyInfo and nothing. `proof` is the phone's half over
    `challenges.of_request`. The serial is reserved and the intent stored before anything is signed; asking
    again with the same key returns the same request. Emits: certificate.requested.
    Raises: NotReady, RequestedAlready, KeyNotProved, schemes.KeyKindRefused, schemes.KeyKnown, what the
    scheme refuses, incidents.IssuingStopped. Source: CRT-2, decision 20.
    """
    person = people.person(op)
    order = _to_download(op, order_id)
    chosen = schemes.named(scheme)
    known = store.of_order(op, order_id)
    if known is not None:
        if (
            known.key_scheme == scheme
            and known.device_id == person.device_id
            and chosen.is_same(op, known, public_material)
        ):
            return known
        raise RequestedAlready()
    if prepared is None:
        # It was given up while this was being prepared.
        raise errors.Conflict()
    incidents.require_issuing(op, order.agency_id)
    made = requesting.reserve(
        op,
        order,
        device_id=person.device_id,
        public_key=prepared.public_key,
        key_scheme=scheme,
    )
    chosen.keep(op, made.id, prepared)
    return made
