"""Writing by hand on the pad, pausing and deleting a seal, the log of its uses (SEA-2, SEA-3, ENT-3)."""

from __future__ import annotations

from engine.kernel import codec, errors
from engine.kernel.engine import prepared_by, second_factor
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import applications, listed, model
from engine.sealing.actions import making
from engine.sealing.applications import Wanted
from engine.sealing.queries import gate, offers
from engine.ses import strokes as pad

# A stroke is a list of points: x, y, milliseconds since the first, pressure. x and y are ten-thousandths of
# the pad's width, pressure thousandths: the log holds no fractions.
Stroke = tuple[tuple[int, ...], ...]
PLACE_UNIT, PRESSURE_UNIT = 10_000, 1_000
_USUAL_MM, _USUAL_PEN_UM = 50, 800
_LARGEST = 10_000_000


class StrokeMalformed(errors.InvalidInput):
    """What was written could not be read. Clear the pad and write again."""


class NotOnThePad(errors.InvalidInput):
    """This kind of seal is not written on the pad."""


def fractions(strokes: tuple[Stroke, ...]) -> list[list[tuple[float, float, float, float]]]:
    """Strokes as the drawing takes them: places as shares of the pad's width, pressure from 0 to 1."""
    return [
        [(x / PLACE_UNIT, y / PLACE_UNIT, float(t), p / PRESSURE_UNIT) for x, y, t, p in one]
        for one in strokes
    ]


def _draw(
    q: Reader,
    *,
    strokes: tuple[Stroke, ...],
    width_mm: int = 0,
    pen_um: int = 0,
    colour: str = "",
    **_others: object,
) -> bytes:
    """The strokes and the pen as they are kept, once they were drawn to see that they are a signature."""
    for point in (point for one in strokes for point in one):
        if len(point) != 4 or not all(0 <= value <= _LARGEST for value in point):
            raise StrokeMalformed(field="strokes")
    pen = pen_um or _USUAL_PEN_UM
    pad.draw(
        fractions(strokes),
        width_mm=width_mm or _USUAL_MM,
        colour=colour or "black",
        pen_mm=pen / 1_000,
    )
    return codec.canonical({"pen_um": pen, "strokes": strokes}).encode()


@prepared_by(_draw)
def draw_signature(
    op: Operation,
    *,
    enterprise_id: str,
    strokes: tuple[Stroke, ...],
    name: str = "",
    width_mm: int = 0,
    pen_um: int = 0,
    colour: str = "",
    prepared: bytes,
) -> model.Seal:
    """A signature written on the pad (自定义签名), by the administrator: in use at once, without a review.

    The seal agency signs it next; without a certificate of the enterprise it waits in `making` until there
    is one. A point is (x, y, t, pressure): x and y in ten-thousandths of the pad's width, t in
    milliseconds, pressure in thousandths; `pen_um` is the pen's width in micrometres on a pad of
    `width_mm`. Emits: seal.applied_for, seal.ordered. Raises: NotAMember, SealExists, NameTaken,
    StrokeMalformed, strokes.NothingWritten, WritingTooLong, InkUnknown, SizeNotOffered, ColourNotOffered.
    """
    people.require_member(op, enterprise_id, offers.ADMINISTRATOR)
    account_id = people.person(op).account_id
    kind = model.SealKind.CUSTOM
    rule = offers.rule_of(op, kind)
    if rule.route != "pad":
        raise NotOnThePad(field="kind")
    offers.require_room(op, enterprise_id, account_id, kind)
    sizes = {int(one.partition("x")[0]): one for one in rule.sizes_mm}
    if width_mm and width_mm not in sizes:
        raise applications.SizeNotOffered(field="width_mm", sizes=", ".join(rule.sizes_mm))
    wanted = applications.checked(
        op,
        Wanted(
            enterprise_id=enterprise_id,
            account_id=account_id,
            kind=kind,
            name=name,
            size=sizes.get(width_mm, ""),
            colour=colour,
        ),
    )
    status = model.APPLICATION.advance(model.APPLICATION.initial, "write")
    application = applications.insert(op, wanted, status, strokes=prepared)
    return making.order_seal(op, application)


def suspend(op: Operation, *, seal_id: str) -> model.Seal:
    """Stop a seal's use for a while, by the enterprise's administrator or the person whose own it is.

    Emits: seal.suspended. Raises: NotFound, NotAMember, NotPossibleNow.
    """
    return _change(op, seal_id, "suspend", "seal.suspended")


def resume(op: Operation, *, seal_id: str) -> model.Seal:
    """Allow a suspended seal's use again; certificates that came meanwhile are listed next.

    Emits: seal.resumed. Raises: NotFound, NotAMember, NotPossibleNow.
    """
    found = _change(op, seal_id, "resume", "seal.resumed")
    if listed.unlisted(op, found):
        op.enqueue("make_seal", found.id)
    return found


def _change(op: Operation, seal_id: str, verb: str, fact: str) -> model.Seal:
    found = op.get(model.Seal, "seal", seal_id)
    offers.require_keeper(op, found)
    status = model.SEAL.advance(found.status, verb)
    op.update("seal", found.id, {"status": status}, was={"status": found.status})
    op.record(fact, found.id)
    return op.get(model.Seal, "seal", seal_id)


@second_factor
def delete_seal(op: Operation, *, seal_id: str) -> model.Seal:
    """Delete a seal for good: nothing is sealed with it any more, and its cancellation is filed (SEA-3).

    What was sealed with it stays valid. `deletion` tells before what ends with it. Emits: seal.deleted,
    seal_delegation.ended, seal.withdrawn, case.withdrawn, seal_filing.sent, message.sent.
    Raises: NotFound, NotAMember, NotPossibleNow, SecondFactorNeeded.
    """
    found = op.get(model.Seal, "seal", seal_id)
    offers.require_keeper(op, found)
    making.end(op, found)
    return op.get(model.Seal, "seal", seal_id)


def record_use(
    op: Operation,
    seal_id: str,
    *,
    by: str,
    purpose: model.SealAct,
    subject: str,
    digest_hex: str,
    certificate_id: str | None = None,
    result: str = "signed",
) -> model.SealUse:
    """Note that a seal was used, when a document is finished. Composed by the stages above.

    `by` is the account that entered its PIN, `subject` the id of the signature or document. A use by
    somebody whose right has ended meanwhile is noted all the same: it happened. Emits: seal.used.
    """
    found = op.get(model.Seal, "seal", seal_id)
    try:
        delegation_id = gate.entrusted(op, found, by, purpose)
    except errors.PolicyRefused:
        delegation_id = None
    use = model.SealUse(
        id=op.new_id("sus"),
        seal_id=seal_id,
        account_id=by,
        certificate_id=certificate_id,
        delegation_id=delegation_id,
        act=purpose,
        subject=subject,
        digest_hex=digest_hex,
        result=result,
        created_at=op.now,
    )
    op.insert("seal_use", use)
    op.record("seal.used", seal_id, use_id=use.id, act=purpose, about=subject, result=result)
    return use
