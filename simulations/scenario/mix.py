"""The mix of personas: kinds of people who differ from everybody else in some of the scenario's keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

from pydantic import Field, create_model

from engine.kernel import catalog
from engine.kernel.catalog import Share
from simulations.scenario.crowd import (
    Behaviour,
    Certificates,
    Contracts,
    People,
    Planted,
    Seals,
)
from simulations.scenario.staff import Calls
from simulations.shares import Invoices, Services

D = TypeVar("D", bound=catalog.Declared)


def _some_of(model: type[D], *names: str) -> Any:
    """A table with some of a model's keys, each as strict as there."""
    fields: dict[str, Any] = {}
    for name in names or model.model_fields:
        info = model.model_fields[name]
        kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        # None is as if it were not named: so it is written down, and so it is read again.
        fields[name] = (kind | None, None)
    # By the name that it has here, so that it comes whole into another process.
    made = create_model(f"Some{model.__name__}", __base__=catalog.Declared, **fields)
    made.__module__ = __name__
    return made


if TYPE_CHECKING:
    SomePeople: TypeAlias = People
    SomePlanted: TypeAlias = Planted
    SomeBehaviour: TypeAlias = Behaviour
    SomeCertificates: TypeAlias = Certificates
    SomeSeals: TypeAlias = Seals
    SomeContracts: TypeAlias = Contracts
    SomeServices: TypeAlias = Services
    SomeInvoices: TypeAlias = Invoices
    SomeCalls: TypeAlias = Calls
else:
    SomePeople, SomeBehaviour, SomePlanted = map(_some_of, (People, Behaviour, Planted))
    SomeCertificates, SomeSeals, SomeContracts = map(_some_of, (Certificates, Seals, Contracts))
    SomeServices, SomeInvoices = map(_some_of, (Services, Invoices))
    SomeCalls = _some_of(Calls, "share", "patience")


class Kind(catalog.Declared):
    """A kind of people: its share, and the keys in which it differs from everybody else."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: catalog.Text | None = None
    share: Share
    people: SomePeople | None = None
    planted: SomePlanted | None = None
    behaviour: SomeBehaviour | None = None
    certificates: SomeCertificates | None = None
    seals: SomeSeals | None = None
    contracts: SomeContracts | None = None
    services: SomeServices | None = None
    invoices: SomeInvoices | None = None
    calls: SomeCalls | None = None

    def sections(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The tables in which this kind differs, with the keys that it names."""
        for name in SECTIONS:
            given: catalog.Declared | None = getattr(self, name)
            if given is not None:
                named = {key: getattr(given, key) for key in sorted(given.model_fields_set)}
                yield name, {key: value for key, value in named.items() if value is not None}


# Table of a scenario → its model, where a kind may differ.
SECTIONS: dict[str, type[catalog.Declared]] = {
    "people": People,
    "planted": Planted,
    "behaviour": Behaviour,
    "certificates": Certificates,
    "seals": Seals,
    "contracts": Contracts,
    "services": Services,
    "invoices": Invoices,
    "calls": Calls,
}
