"""How bulk acts are told: acts, states, results, filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bulk import model, wording
from engine.policies import model as policies
from engine.staffing import queries as staffing
from pages import _console
from pages._console import _

ACTS = {
    "approve": "Approve cases",
    "reject": "Reject cases",
    "hold": "Put cases on hold",
    "resume": "Take held cases up and put them back",
    "put_back": "Put cases back that somebody has in hand",
    "assign": "Hand cases to a colleague",
    "urge": "Mark cases as urged",
    "suspend_certificates": "Put certificates on hold",
    "resume_certificates": "Take certificates off hold",
    "revoke_certificates": "Revoke certificates",
    "take_up_jobs": "Have stuck jobs done again",
}
# What a filter's fields are called; of those that are not here the value alone is told.
_FIELDS = {
    "text": "Contains",
    "corrected": "Corrected submissions only",
    "urged": "Urged only",
    "opened_from": "Submitted from",
    "opened_to": "Submitted before",
    "made_from": "Asked for from",
    "made_to": "Asked for before",
    "enterprise_id": "Enterprise",
    "refused_in": "Refused in",
}
_INSTANTS = {"opened_from", "opened_to", "made_from", "made_to"}


def act(name: str) -> str:
    """What is done."""
    return _(ACTS[name])


def state(found: model.Bulk) -> str:
    """Where a bulk act stands."""
    return _console.label(f"bulk_act.status.{found.status}")


def outcome(code: str | None) -> str:
    """An item's result, foreseen or real: that it went through, or why it did not."""
    return wording.outcome(code, _console.language())


def _called(kind: type[Any], code: str) -> str:
    found = _console.ask(lambda q: q.policies(kind)).get(code)
    return _console.told(found.label) if found is not None else code


def _value(name: str, value: Any) -> str:
    if name in _INSTANTS:
        return f"{_(_FIELDS[name])} {_console.when(value)}"
    if value is True:
        return _(_FIELDS[name])
    if name == "kinds":
        return _console.listed(_called(policies.ReviewRule, one) for one in value)
    if name in ("platforms", "platform_id"):
        codes = [value] if isinstance(value, str) else value
        return _console.listed(_called(policies.Platform, one) for one in codes)
    if name in ("agencies", "agency_id"):
        codes = [value] if isinstance(value, str) else value
        return _console.listed(_called(policies.CertificateAgency, one) for one in codes)
    if name == "kind":
        return _console.label(f"job.kind.{value}")
    if name == "state":
        return _console.label(f"queue.{value}")
    if name == "status":
        return _console.label(f"certificate.status.{value}")
    return f"{_(_FIELDS[name])} {value}" if name in _FIELDS else str(value)


def wanted(found: model.Bulk) -> str:
    """The filter as it was asked for."""
    told = [
        _value(name, value)
        for name, value in found.wanted.items()
        if value not in ("", None, False, [], ())
        and (name, value) != ("state", "all")
        and name != "sort"
    ]
    return " · ".join(told) or _("everything that is open")


def given(found: model.Bulk) -> str:
    """What the act is told for all of them: reasons, a colleague, words."""
    told: list[str] = []
    told += [_reason(code) for code in found.given.get("reasons", ())]
    reason = str(found.given.get("reason", ""))
    if reason:
        told.append(_hold_reason(reason) if found.act == "hold" else revocation(reason))
    if found.given.get("staff_id"):
        told.append(_console.ask(staffing.name_of, str(found.given["staff_id"])))
    if found.given.get("note"):
        told.append(str(found.given["note"]))
    return " · ".join(told)


def revocation(reason: str) -> str:
    """A reason to revoke, in words."""
    return _console.label(f"revocation.{reason}")


def _reason(code: str) -> str:
    found: Mapping[str, policies.Reason] = _console.ask(lambda q: q.policies(policies.Reason))
    return _console.told(found[code].text) if code in found else code


def _hold_reason(code: str) -> str:
    found = _console.ask(lambda q: q.policies(policies.HoldReason))
    return _console.told(found[code].text) if code in found else code
