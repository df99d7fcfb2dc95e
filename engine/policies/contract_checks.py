"""Whether a template of contracts, and the rules of every contract, fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.pdf import fonts
from engine.policies import model
from engine.policies.references import ChoiceMissing, ReferenceUnknown, twice


def template(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    """What keeps a template from being used: places of nothing, choices without any, undrawable texts."""
    found = cast(model.ContractTemplate, setting)
    codes = tuple(one.code for one in found.fields)
    yield from twice("fields", codes)
    for one in found.fields:
        if one.kind == "choice" and not one.choices:
            yield ChoiceMissing(field="fields")
        yield from twice("fields", one.choices)
    for clause in found.clauses:
        for code in model.PLACE.findall(clause.text):
            if code[0] not in (*codes, *model.OF_EVERY_CONTRACT):
                yield ReferenceUnknown(field="clauses", kind="field", name=code[0])
    told = (found.heading, found.opening, *(one.text for one in found.clauses))
    for character in fonts.undrawable("".join((*told, *(one.title for one in found.clauses)))):
        yield fonts.CharacterNotDrawable(
            field="clauses", character=character, codepoint=f"U+{ord(character):04X}"
        )


def rules(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    """What stands twice in the rules."""
    told_of = cast(model.ContractRules, setting)
    yield from twice("currencies", tuple(one.code for one in told_of.currencies))
    yield from twice("currencies", tuple(one.label.zh for one in told_of.currencies))
    yield from twice("attachments", tuple(one.code for one in told_of.attachments))
