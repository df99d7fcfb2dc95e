"""Whether a setting fits the others: what it names exists, and what it offers can be had.

Each check is told with the field that it is about, so that a form can show it there (MAL-4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from engine.kernel import codec, errors
from engine.kernel.reader import Reader
from engine.pki import certificates
from engine.policies import contract_checks, model, queries, service_checks
from engine.policies.references import ChoiceMissing, ReferenceUnknown, twice

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LONGEST_YEARS = 5


class SettingInvalid(errors.InvalidInput):
    """This setting is not valid: {problem}"""


class NameInvalid(errors.InvalidInput):
    """A setting's name has 2 to 40 small letters, digits or underscores and begins with a letter."""


class YearsInvalid(errors.InvalidInput):
    """A certificate holds for 1 to {most} years."""


class NoneCountryWide(errors.InvalidInput):
    """Certificates for the whole country need a CA that is recognized country-wide among those chosen."""


class GrantsAndDecides(errors.InvalidInput):
    """A role either grants roles or decides about customers, never both. Make two roles of it."""


class TooFewApprovers(errors.InvalidInput):
    """At least {least} different people approve this kind of case."""


class PapersUnread(errors.InvalidInput):
    """The platform does not review “{order}” and so can't ask for its papers. Have it reviewed."""


class EndsBeforeItStarts(errors.InvalidInput):
    """The last day lies before the first."""


class CertificateUnusable(errors.InvalidInput):
    """One of the certificates is no issuing authority's certificate in PEM."""


class KeysMissing(errors.PolicyRefused):
    """An agency's keys are made in a ceremony before it can be offered. Change one that exists."""


def read(kind: str, body: Mapping[str, Any]) -> model.Setting:
    """A proposed body as its setting, strictly.

    Raises: SettingInvalid with the first wrong field.
    """
    cls = model.KINDS.get(kind)
    if cls is None:
        raise SettingInvalid(field="kind", problem=kind)
    try:
        return cls.of_body(codec.canonical(body))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingInvalid(field=where, problem=f"{where}: {first['msg']}") from problem


def problems(q: Reader, kind: str, name: str, setting: model.Setting) -> list[errors.EngineError]:
    """Everything that keeps a well-formed setting from being proposed."""
    found: list[errors.EngineError] = []
    if type(setting).NAMED:
        if not _NAME.fullmatch(name):
            found.append(NameInvalid(field="name"))
        elif kind in _WITH_KEYS and not queries.history(q, kind, name):
            found.append(KeysMissing(field="name"))
    elif name:
        found.append(SettingInvalid(field="name", problem=name))
    least = model.LEAST_APPROVERS.get(name, 1)
    if isinstance(setting, model.ReviewRule) and setting.approvers < least:
        found.append(TooFewApprovers(field="approvers", least=least))
    check = _CHECKS.get(type(setting))
    return found + list(check(q, setting) if check else ())


# Kinds whose every name needs keys that were made with the world.
_WITH_KEYS = frozenset({model.CertificateAgency.KIND, model.SealAgency.KIND})


def _chosen(
    q: Reader, field: str, names: Iterable[str], cls: type[model.Setting]
) -> Iterator[errors.EngineError]:
    given = tuple(names)
    known = queries.all_in_force(q, cls)
    if not given:
        yield ChoiceMissing(field=field)
    for name in given:
        if name not in known:
            yield ReferenceUnknown(field=field, kind=cls.KIND, name=name)
    yield from twice(field, given)


def _platform(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    platform = cast(model.Platform, setting)
    yield from _chosen(q, "agencies", platform.agencies, model.CertificateAgency)
    yield from _chosen(q, "seal_agencies", platform.seal_agencies, model.SealAgency)
    if not platform.years:
        yield ChoiceMissing(field="years")
    if any(not 1 <= years <= _LONGEST_YEARS for years in platform.years):
        yield YearsInvalid(field="years", most=_LONGEST_YEARS)
    if not platform.certificate_kinds:
        yield ChoiceMissing(field="certificate_kinds")
    known = queries.all_in_force(q, model.RecognizedAgency)
    if "national" in platform.certificate_kinds and not any(
        known[name].status == "granted" for name in platform.agencies if name in known
    ):
        yield NoneCountryWide(field="certificate_kinds")
    yield from _papers_and_rules(platform)


def _papers_and_rules(platform: model.Platform) -> Iterator[errors.EngineError]:
    for field, papers in (
        ("attachments", platform.attachments),
        ("rule_papers", platform.rule_papers),
    ):
        if any(not _NAME.fullmatch(paper.code) for paper in papers):
            yield NameInvalid(field=field)
    codes = tuple(paper.code for paper in (*platform.attachments, *platform.rule_papers))
    yield from twice("attachments", codes)
    if not platform.products:
        yield ChoiceMissing(field="products")
    yield from twice("products", platform.products)
    yield from twice("rules", tuple(f"{one.product} {one.business}" for one in platform.rules))
    for rule in platform.rules:
        for code in rule.papers:
            if code not in codes:
                yield ReferenceUnknown(field="rules", kind="paper", name=code)
        if rule.papers and not rule.platform_review:
            yield PapersUnread(field="rules", order=f"{rule.product} {rule.business}")


def _agency(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    agency = cast(model.CertificateAgency, setting)
    named = tuple(f"{one.product} {one.business} {one.years}" for one in agency.prices)
    yield from twice("prices", named)
    if any(not 0 <= one.years <= _LONGEST_YEARS for one in agency.prices):
        yield YearsInvalid(field="prices", most=_LONGEST_YEARS)


def _zone(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    yield from _chosen(q, "platforms", cast(model.Zone, setting).platforms, model.Platform)


def _announcement(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    told = cast(model.Announcement, setting)
    if told.ends_on is not None and told.ends_on < told.starts_on:
        yield EndsBeforeItStarts(field="ends_on")


def _role(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    rights = cast(model.Role, setting).rights
    if not rights:
        yield ChoiceMissing(field="rights")
    if model.grants_and_decides(frozenset(rights)):
        yield GrantsAndDecides(field="rights")
    yield from twice("rights", tuple(right.value for right in rights))


def _sessions(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    named = cast(model.Sessions, setting).staff_totp_roles
    known = queries.all_in_force(q, model.Role)
    for name in named:
        if name not in known:
            yield ReferenceUnknown(field="staff_totp_roles", kind=model.Role.KIND, name=name)
    yield from twice("staff_totp_roles", named)


def _recognized(q: Reader, setting: model.Setting) -> Iterator[errors.EngineError]:
    agency = cast(model.RecognizedAgency, setting)
    for text in agency.certificates:
        if not certificates.is_authority(text.encode()):
            yield CertificateUnusable(field="certificates")
    yield from twice("certificates", agency.certificates)


_CHECKS: Mapping[
    type[model.Setting], Callable[[Reader, model.Setting], Iterable[errors.EngineError]]
] = {
    model.Platform: _platform,
    model.CertificateAgency: _agency,
    model.Zone: _zone,
    model.Announcement: _announcement,
    model.Role: _role,
    model.Sessions: _sessions,
    model.RecognizedAgency: _recognized,
    model.ContractRules: contract_checks.rules,
    model.ContractTemplate: contract_checks.template,
    model.Service: service_checks.service,
}


def require(q: Reader, kind: str, name: str, body: Mapping[str, Any]) -> model.Setting:
    """A proposed body as its setting, which fits the others.

    Raises: the first of `problems`, SettingInvalid.
    """
    setting = read(kind, body)
    for problem in problems(q, kind, name, setting):
        raise problem
    return setting


def preview(q: Reader, *, kind: str, name: str, body: dict[str, Any]) -> model.Preview:
    """What a proposal would change, value by value, and what keeps it from being proposed (MAL-4).

    Raises: MayNotSet.
    """
    queries.require_manager(q, kind)
    newest = queries.approved(q, kind, name)
    before = {} if newest is None else codec.load(newest.body)
    try:
        setting = read(kind, body)
    except SettingInvalid as problem:
        return model.Preview(valid=False, problems=(_told(problem),), changes=())
    found = problems(q, kind, name, setting)
    after = codec.load(setting.model_dump_json())
    return model.Preview(
        valid=not found,
        problems=tuple(_told(problem) for problem in found),
        changes=tuple(_differences("", before, after)),
    )


def pending(q: Reader) -> list[model.Pending]:
    """What waits for a second person, oldest first, each with what it would change.

    Raises: MayNotSet.
    """
    staff = queries.require_manager(q)
    found = []
    for version in queries.proposals(q):
        newest = queries.approved(q, version.kind, version.name)
        before = {} if newest is None else codec.load(newest.body)
        changes = tuple(_differences("", before, codec.load(version.body)))
        found.append(
            model.Pending(version=version, changes=changes, mine=version.author == staff.text)
        )
    return found


def _told(problem: errors.EngineError) -> model.Problem:
    return model.Problem(
        field=problem.field or "",
        code=problem.code,
        message=problem.template(),
        params={key: str(value) for key, value in problem.params.items()},
    )


def _differences(path: str, before: Any, after: Any) -> Iterator[model.Change]:
    nested = isinstance(before, dict) or isinstance(after, dict)
    if nested and isinstance(before, dict | None) and isinstance(after, dict | None):
        before, after = before or {}, after or {}
        for key in [*before, *(key for key in after if key not in before)]:
            inner = f"{path}.{key}" if path else key
            yield from _differences(inner, before.get(key), after.get(key))
    elif before != after:
        yield model.Change(path=path, before=_text(before), after=_text(after))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else codec.canonical(value)
