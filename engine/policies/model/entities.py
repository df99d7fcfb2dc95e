"""What 主体注册 asks at a platform's first binding, and what becomes of it afterwards (BND-1, BND-3)."""

from __future__ import annotations

from typing import Literal

from engine.kernel.catalog import Declared, Text
from engine.policies.model.setting import Setting


class EntityChoice(Declared):
    """One answer that a field offers."""

    code: str
    label: Text


class EntityField(Declared):
    """A field of the registration. `same_as` is what the platform knows: another answer is looked at."""

    code: str
    label: Text
    hint: Text | None = None
    kind: Literal["name", "phone", "email", "choice", "text"]
    required: bool = True
    longest: int = 60
    choices: tuple[EntityChoice, ...] = ()
    same_as: Literal["", "holder_name", "holder_phone", "register_region"] = ""


class EntityRules(Setting):
    """The fields of the registration, when a new entity is reviewed, and which bindings move along."""

    KIND = "entity_rules"
    fields: tuple[EntityField, ...]
    # Which codes (platform, national) bring entities that staff look at even if everything agrees.
    review_new: tuple[Literal["platform", "national"], ...]
    # Which kinds of order take the binding along to their new certificate; others have it bound anew.
    moves_on: tuple[Literal["renewal", "replacement", "change"], ...]
