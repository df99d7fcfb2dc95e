"""Where the seals of a contract's parties go: all of it is fixed when the first signature is prepared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing, signing, typeset
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from engine.signing import model, parties

# Room for the largest seal that is regulated for contracts, where a party's own is not known yet.
_ROOM_MM = 42.0
_MARGIN_MM, _GAP_MM = 10.0, 6.0


def require_room(
    q: Reader, document: bytes, seal_id: str, placements: Sequence[placing.Placing]
) -> None:
    """Refuse places that the document does not have.

    Raises: those of `placing.marks`.
    """
    seal = q.get(sealing.Seal, "seal", seal_id)
    placing.marks(document, placements, float(seal.width_mm), float(seal.height_mm))


def fields(
    q: Reader, contract: model.Contract, document: bytes, signature: model.ContractSignature
) -> list[signing.FieldSpec]:
    """The signature fields of every party, for the first signature: the signer's own seal and the others'.

    Raises: those of `placing.marks`.
    """
    room = _on_pages(parties.places(q, contract), document)
    made: list[signing.FieldSpec] = []
    for party in parties.of_version(q, contract):
        mine = party.role == signature.role
        wanted = signature.placements if mine and signature.placements else ()
        wanted = wanted or stated(contract.placements, party.role)
        if not wanted:
            made.append(signing.FieldSpec(name=party.role, placement=room[party.role]))
            continue
        width, height = _size(q, party, signature.seal_id if mine else "")
        made += signing.fields_of(party.role, placing.marks(document, wanted, width, height))
    return made


def _on_pages(room: dict[str, typeset.Placement], document: bytes) -> dict[str, typeset.Placement]:
    """The places of a template, where the document has them; else side by side at the last page's foot.

    Somebody's own document may lie across or be smaller. Raises: placing.DocumentUnreadable,
    PlacementOutsidePage for a page without room for the seals.
    """
    width, height = placing.last_page_mm(document)
    if all(_inside(one, width, height) for one in room.values()):
        return room
    across = max(1, int((width - 2 * _MARGIN_MM + _GAP_MM) // (_ROOM_MM + _GAP_MM)))
    made: dict[str, typeset.Placement] = {}
    for index, role in enumerate(room):
        row, column = divmod(index, across)
        made[role] = typeset.Placement(
            page=-1,
            x_mm=_MARGIN_MM + column * (_ROOM_MM + _GAP_MM),
            y_mm=height - _MARGIN_MM - _ROOM_MM - row * (_ROOM_MM + _GAP_MM),
            width_mm=_ROOM_MM,
            height_mm=_ROOM_MM,
        )
    return made


def _inside(box: typeset.Placement, width: float, height: float) -> bool:
    return box.x_mm + box.width_mm <= width and box.y_mm + box.height_mm <= height


def stated(placements: Mapping[str, Any], role: str) -> tuple[placing.Placing, ...]:
    """What a contract says of where a party's seal goes.

    Raises: placing.PlacingMalformed.
    """
    return tuple(
        one if isinstance(one, placing.Placing) else placing.parse(one)
        for one in placements.get(role, ())
    )


def _size(q: Reader, party: model.ContractParty, seal_id: str) -> tuple[float, float]:
    """Width and height of a party's seal; of one that is not chosen yet as much as any of its own needs."""
    if seal_id:
        seal = q.get(sealing.Seal, "seal", seal_id)
        return float(seal.width_mm), float(seal.height_mm)
    enterprise = mall.enterprise_of(q, party.mall_account_id)
    usable = [one for one in seals.of_enterprise(q, enterprise.id) if one.usable(q.now)]
    return (
        max([_ROOM_MM, *(float(one.width_mm) for one in usable)]),
        max([_ROOM_MM, *(float(one.height_mm) for one in usable)]),
    )
