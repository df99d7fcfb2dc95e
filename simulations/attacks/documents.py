"""Attacks on documents: another is signed than was shown, a signed one is edited, others read it."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from engine.boot import examining, tables
from engine.http.doors import DirectDoor
from engine.kernel import errors
from engine.pdf import increments
from engine.signing import queries as contracts
from simulations.attacks.running import Doing
from simulations.states.scene import Scene


class NotBelieved(errors.PolicyRefused):
    """The verification does not believe this document: it is not what was signed."""


class _InTheMiddle:
    """A door with somebody in it who changes what is to be signed."""

    def __init__(self, door: Any) -> None:
        self._door = door

    def __getattr__(self, name: str) -> Any:
        return getattr(self._door, name)

    def ask(self, name: str, given: Mapping[str, Any]) -> Any:
        """The answer, with another document in the place of the one that was shown."""
        answer = self._door.ask(name, given)
        if name != "signing.to_be_signed":
            return answer
        return [_b64(_changed(base64.b64decode(one))) for one in answer]


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _changed(message: bytes) -> bytes:
    """What is to be signed, with every byte of every digest in it turned over."""
    return bytes(one ^ 0xFF for one in message)


# -- before it is signed ---------------------------------------------------------------------------


def _show(scene: Scene) -> None:
    """The PC shows the code to sign a contract."""
    me = scene.person("me")
    scene.kept["qr"] = me.show_signing_qr(scene.kept["signature"])


def _swapped_on_the_way(scene: Scene) -> None:
    """Somebody on the line gives the phone another document to sign than it showed."""
    me = scene.person("me")
    door = me.handset.door
    me.handset.door = _InTheMiddle(door)
    try:
        me.scan_and_confirm(scene.kept["qr"])
    finally:
        me.handset.door = door


def _signed_otherwise(scene: Scene) -> None:
    """A phone that somebody has tampered with signs another document and sends that."""
    me = scene.person("me")
    ticket = me.handset.scan(scene.kept["qr"])
    given = {"ticket_id": ticket["id"]}
    messages = [
        _changed(base64.b64decode(one))
        for one in me.handset.door.ask("signing.to_be_signed", given)
    ]
    me.handset.prove(
        "signing.confirm_signature", given, me.certificate_id, me.identity.pin, messages
    )


def _sign(scene: Scene) -> None:
    """What was shown is signed."""
    scene.person("me").scan_and_confirm(scene.kept["qr"])


# -- after it was signed ---------------------------------------------------------------------------


def _signed(scene: Scene) -> bytes:
    return scene.world.engine.ask(contracts.document, tables.INSIDE, scene.kept["made"]["id"])


def _examined(scene: Scene, document: bytes) -> None:
    """Have it judged as everybody can on the page of verification.

    Raises: NotBelieved.
    """
    verdict = str(examining.examine(scene.world, document)["verdict"])
    if not verdict.startswith("valid"):
        raise NotBelieved()


def _byte_changed(scene: Scene) -> None:
    """One bit in the middle of the part that the first signature covers."""
    document = bytearray(_signed(scene))
    document[document.index(b"stream") + 200] ^= 1
    _examined(scene, bytes(document))


def _laid_over(scene: Scene) -> None:
    """A revision is appended that lays a white field over the page."""

    def change(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        look = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 595 842 re f")
        look[pdf_name("/Type")] = pdf_name("/XObject")
        look[pdf_name("/Subtype")] = pdf_name("/Form")
        look[pdf_name("/BBox")] = _numbers(0, 0, 595, 842)
        drawn = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
        over = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Stamp"),
                pdf_name("/Rect"): _numbers(0, 0, 595, 842),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/AP"): drawn,
            }
        )
        old = list(page["/Annots"]) if "/Annots" in page else []
        page[pdf_name("/Annots")] = generic.ArrayObject([*old, writer.add_object(over)])
        writer.update_container(page)

    _examined(scene, _revised(_signed(scene), change))


def _page_taken(scene: Scene) -> None:
    """A revision is appended without the first page."""

    def change(writer: Any) -> None:
        pages = writer.root["/Pages"]
        pages[pdf_name("/Kids")] = generic.ArrayObject(list(pages["/Kids"])[1:])
        pages[pdf_name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
        writer.update_container(pages)

    _examined(scene, _revised(_signed(scene), change))


def _revised(document: bytes, change: Callable[[Any], None]) -> bytes:
    writer = increments.writer(document)
    change(writer)
    return increments.written(writer)


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(one) for one in values])


def _untouched(scene: Scene) -> None:
    """The document as it was signed."""
    _examined(scene, _signed(scene))


# -- somebody else's -------------------------------------------------------------------------------


def _read(scene: Scene, who: str) -> None:
    given = {"contract_id": scene.kept["made"]["id"]}
    scene.person(who).browser.ask("signing.contract", given)


def _read_by_other(scene: Scene) -> None:
    """Another enterprise that is signed in asks for the contract by its id."""
    _read(scene, "other")


def _withdrawn_by_other(scene: Scene) -> None:
    """It tries to take the contract back."""
    given = {"contract_id": scene.kept["made"]["id"], "reason": "不是我的"}
    scene.person("other").act_on_contract("withdraw", **given)


def _read_by_stranger(scene: Scene) -> None:
    """Somebody without any session asks."""
    given = {"contract_id": scene.kept["made"]["id"]}
    DirectDoor(scene.world.engine).ask("signing.contract", given)


def _read_by_owner(scene: Scene) -> None:
    """Whose it is reads it."""
    _read(scene, "me")


DOING = {
    "swapped_document": Doing(
        ready=_show,
        tries={
            "swapped_on_the_way": _swapped_on_the_way,
            "signed_otherwise": _signed_otherwise,
        },
        twin=_sign,
    ),
    "edited_pdf": Doing(
        tries={
            "byte_changed": _byte_changed,
            "laid_over": _laid_over,
            "page_taken": _page_taken,
        },
        twin=_untouched,
    ),
    "others_contract": Doing(
        tries={
            "read_by_other": _read_by_other,
            "withdrawn_by_other": _withdrawn_by_other,
            "read_by_stranger": _read_by_stranger,
        },
        twin=_read_by_owner,
    ),
}
