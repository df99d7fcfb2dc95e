"""Whether a service fits the other settings: what it names exists, its terms can be had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.policies import model, queries
from engine.policies.references import ChoiceMissing, ReferenceUnknown, twice

LONGEST_MONTHS = 60


class MonthsInvalid(errors.InvalidInput):
    """A service is sold for 1 to {most} months at a time."""


class PlatformServiceOfPerson(errors.InvalidInput):
    """A service that wants its buyer onboarded at the platform is for enterprises alone."""


def service(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    """What keeps a service from being proposed."""
    found = cast(model.Service, setting)
    for field, names, cls in (
        ("platforms", found.platforms, model.Platform),
        ("agency", (found.agency,) if found.agency else (), model.CertificateAgency),
        ("tax", (found.tax,), model.TaxItem),
    ):
        known = queries.all_in_force(q, cast(type[model.Setting], cls))
        for name in names:
            if name not in known:
                yield ReferenceUnknown(field=field, kind=cls.KIND, name=name)
    for field, chosen in (
        ("platforms", found.platforms),
        ("terms", found.terms),
        ("buyers", found.buyers),
    ):
        if not chosen:
            yield ChoiceMissing(field=field)
        yield from twice(field, tuple(str(one) for one in chosen))
    if any(not 1 <= months <= LONGEST_MONTHS for months in found.terms):
        yield MonthsInvalid(field="terms", most=LONGEST_MONTHS)
    if found.onboarded and "person" in found.buyers:
        yield PlatformServiceOfPerson(field="buyers")
