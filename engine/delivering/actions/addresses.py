"""Adding, changing and deleting one's addresses, and which one is taken without asking (ADR-1)."""

from __future__ import annotations

import unicodedata

from engine.delivering import model, queries
from engine.delivering.store import addresses as store
from engine.kernel import errors, identifiers
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import queries as people


class RecipientMissing(errors.InvalidInput):
    """Say who takes the post: a name."""


class RegionUnknown(errors.InvalidInput):
    """Choose the region down to the district."""


class DetailMissing(errors.InvalidInput):
    """Write the detailed address: street, number, building, room."""


class TextTooLong(errors.InvalidInput):
    """This is too long: at most {most} characters."""


class CharacterRefused(errors.InvalidInput):
    """A label for a parcel cannot be written with the character {character}. Leave it out."""


class TooManyAddresses(errors.PolicyRefused):
    """You have {most} addresses, which is as many as there can be. Delete one you no longer need first."""


def _written(text: str, field: str, most: int) -> str:
    """A text of one line, blanks joined.

    Raises: TextTooLong, CharacterRefused.
    """
    found = " ".join(text.split())
    odd = next((c for c in found if unicodedata.category(c)[0] == "C"), None)
    if odd is not None:
        raise CharacterRefused(field=field, character=f"U+{ord(odd):04X}")
    if len(found) > most:
        raise TextTooLong(field=field, most=most)
    return found


def _texts(
    op: Operation, *, recipient: str, phone: str, region: str, detail: str, label: str
) -> dict[str, str]:
    """What an address says, checked, by column.

    Raises: RecipientMissing, PhoneInvalid, RegionUnknown, DetailMissing, TextTooLong, CharacterRefused.
    """
    rules = op.policy(policies.DeliveryRules)
    texts = {
        "recipient": _written(recipient, "recipient", model.RECIPIENT_LONGEST),
        "phone": identifiers.phone(phone),
        "region": region.strip(),
        "detail": _written(detail, "detail", model.DETAIL_LONGEST),
        "label": _written(label, "label", rules.label_longest),
    }
    if not texts["recipient"]:
        raise RecipientMissing(field="recipient")
    if model.region_of(texts["region"]) is None:
        raise RegionUnknown(field="region")
    if not texts["detail"]:
        raise DetailMissing(field="detail")
    return texts


def _sealed(
    op: Operation, account_id: str, address_id: str, texts: dict[str, str]
) -> dict[str, bytes | None]:
    subject_id = people.account(op, account_id).subject_id
    return {
        column: op.seal(subject_id, f"delivery_address|{column}|{address_id}", text)
        if text
        else None
        for column, text in texts.items()
    }


def add_address(
    op: Operation,
    *,
    recipient: str,
    phone: str,
    region: str,
    detail: str,
    label: str = "",
    is_default: bool = False,
) -> model.Address:
    """Keep an address; as the default one it takes the place of the one before.

    Guide: 7.7.2.2 steps 2 to 5. Emits: address.added, address.default_ended. Raises: TooManyAddresses,
    RecipientMissing, PhoneInvalid, RegionUnknown, DetailMissing, TextTooLong, CharacterRefused.
    """
    account_id = people.person(op).account_id
    texts = _texts(op, recipient=recipient, phone=phone, region=region, detail=detail, label=label)
    most = op.policy(policies.DeliveryRules).addresses_at_most
    if len(store.of_account(op, account_id)) >= most:
        raise TooManyAddresses(most=most)
    if is_default:
        _no_default(op, account_id)
    address_id = op.new_id("adr")
    op.insert(
        "delivery_address",
        {
            "id": address_id,
            "account_id": account_id,
            **_sealed(op, account_id, address_id, texts),
            "is_default": int(is_default),
            "created_at": op.now,
            "changed_at": op.now,
        },
    )
    op.record("address.added", address_id, account_id=account_id, is_default=is_default)
    return queries.address(op, address_id)


def change_address(
    op: Operation,
    *,
    address_id: str,
    recipient: str,
    phone: str,
    region: str,
    detail: str,
    label: str = "",
    is_default: bool = False,
) -> model.Address:
    """Change an address as its form has it. What is on its way already still goes to the old place.

    Emits: address.changed, address.default_ended. Raises: NotFound, RecipientMissing, PhoneInvalid,
    RegionUnknown, DetailMissing, TextTooLong, CharacterRefused.
    """
    kept = queries.own_address(op, address_id)
    texts = _texts(op, recipient=recipient, phone=phone, region=region, detail=detail, label=label)
    if is_default and not kept.is_default:
        _no_default(op, kept.account_id)
    op.update(
        "delivery_address",
        kept.id,
        {
            **_sealed(op, kept.account_id, kept.id, texts),
            "is_default": int(is_default),
            "changed_at": op.now,
        },
        was={"changed_at": kept.changed_at, "is_default": kept.is_default},
    )
    op.record("address.changed", kept.id, account_id=kept.account_id, is_default=is_default)
    return queries.address(op, kept.id)


def set_default_address(
    op: Operation, *, address_id: str, is_default: bool = True
) -> model.Address:
    """Make an address the default one by its switch, or none; what it says stays as it is.

    Emits: address.default_ended, address.made_default. Raises: NotFound.
    """
    kept = queries.own_address(op, address_id)
    if bool(kept.is_default) == is_default:
        return queries.address(op, kept.id)
    _no_default(op, kept.account_id)
    if is_default:
        op.update("delivery_address", kept.id, {"is_default": 1}, was={"is_default": 0})
        op.record("address.made_default", kept.id, account_id=kept.account_id)
    return queries.address(op, kept.id)


def _no_default(op: Operation, account_id: str) -> None:
    """The default address is one among the others from now on.

    Emits: address.default_ended.
    """
    before = store.default_of(op, account_id)
    if before is not None:
        op.update("delivery_address", before.id, {"is_default": 0}, was={"is_default": 1})
        op.record("address.default_ended", before.id, account_id=account_id)


def delete_address(op: Operation, *, address_id: str) -> None:
    """Delete an address. What is on its way to it has its own copy.

    Emits: address.deleted. Raises: NotFound.
    """
    _delete(op, queries.own_address(op, address_id))


def _delete(op: Operation, kept: model.KeptAddress) -> None:
    op.delete("delivery_address", kept.id)
    op.record("address.deleted", kept.id, account_id=kept.account_id)


def forget_addresses(op: Operation, *, account_id: str) -> int:
    """Delete every address of an account that has ended; how many. Composed when an account ends.

    Emits: address.deleted.
    """
    kept = store.of_account(op, account_id)
    for one in kept:
        _delete(op, one)
    return len(kept)
