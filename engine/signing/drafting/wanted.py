"""Everything that the form of a contract says, in one piece, and what is checked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing
from engine.policies import model as policies
from engine.signing import model, naming
from engine.signing.drafting import terms as form

LEVELS: tuple[str, ...] = get_args(policies.ContractRules.model_fields["level"].annotation)
_LONGEST_NAME = 120


class CurrencyUnknown(errors.InvalidInput):
    """Choose one of the currencies offered."""


class LevelUnknown(errors.InvalidInput):
    """There is no such level of validation."""


class AttachmentKindUnknown(errors.InvalidInput):
    """There is no such kind of attachment. Choose one of those offered."""


class TooManyAttachments(errors.InvalidInput):
    """A contract has at most {limit} attachments."""


class PlacesOfNobody(errors.InvalidInput):
    """Places for seals are given for somebody who is no party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A form. `parties` are mall accounts beside both sides of the order, `number` the contract's own."""

    purchase_order_id: str
    terms: model.ContractTerms
    number: str
    upload: bytes = b""
    template_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    parties: tuple[str, ...] = ()
    placements: Mapping[str, tuple[placing.Placing, ...]] = field(default_factory=dict)
    attachments: tuple[model.Attached, ...] = ()
    confirmed: str = ""


def check(q: Reader, wanted: Wanted) -> None:
    """Refuse a form by its first wrong field, before any long work.

    Raises: those of `terms.check`; TooManyParties, PartyElsewhere, CurrencyUnknown,
    TooManyAttachments, AttachmentKindUnknown, FieldMissing, TextTooLong, RemarksTooLong, PlacesOfNobody.
    """
    form.check(wanted.terms)
    order = mall.purchase_order(q, wanted.purchase_order_id)
    naming.require_here(q, order.platform_id, wanted.parties)
    rules = q.policy(policies.ContractRules)
    if wanted.terms.currency not in {one.label.zh for one in rules.currencies}:
        raise CurrencyUnknown(field="currency")
    roles = {"purchaser", "supplier", *(f"party{n + 3}" for n in range(len(wanted.parties)))}
    if not wanted.placements.keys() <= roles:
        raise PlacesOfNobody(field="placements")
    if len(wanted.attachments) > rules.most_attachments:
        raise TooManyAttachments(field="attachments", limit=rules.most_attachments)
    known = {one.code for one in rules.attachments}
    for one in wanted.attachments:
        if one.kind not in known:
            raise AttachmentKindUnknown(field="attachments")
        if not one.name.strip():
            raise form.FieldMissing(field="attachments")
        if len(one.name) > _LONGEST_NAME:
            raise form.TextTooLong(field="attachments", limit=_LONGEST_NAME)
        if len(one.remarks) > form.LONGEST_REMARKS:
            raise form.RemarksTooLong(field="attachments")


def level(q: Reader, asked: str) -> str:
    """How far signatures are to be validated; where nothing is asked the platform or the rules say it.

    Raises: LevelUnknown.
    """
    if asked and asked not in LEVELS:
        raise LevelUnknown(field="level")
    at_platform = q.policy(policies.SigningRules).level_at(mall.signed_in(q).platform_id)
    return asked or at_platform or q.policy(policies.ContractRules).level


def warnings(q: Reader, wanted: Wanted) -> tuple[str, ...]:
    """What is allowed and unusual: a person may mean it."""
    terms = wanted.terms
    order = mall.purchase_order(q, wanted.purchase_order_id)
    found = []
    if terms.effective_date < terms.signing_date:
        found.append("effective_before_signing")
    if terms.total_fen is not None and terms.total_fen != order.total_fen:
        found.append("total_differs")
    return tuple(found)
