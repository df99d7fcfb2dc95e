"""Values that force every outcome of the simulated outside parties, and how those parties are (IDV-5)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import identifiers
from engine.policies.model import RealNameWay
from engine.providers import bank, carrier, courier, health, identity, register, tax
from engine.staffing.model import Right
from pages import _console, _live
from pages._console import _

_console.require(Right.DEMO, Right.SIMULATE)
# A region, a day of birth and the head of a code, out of which the examples are made.
BORN_IN, BORN_ON, REGION = "650102", "19900101", "91650100"


def _resident_id(digits: str) -> str:
    """A valid number of an adult whose last three digits before the check character are these."""
    first = f"{BORN_IN}{BORN_ON}{digits}"
    return first + identifiers.id_check_character(first)


def _credit_code(start: str) -> str:
    """A valid code of a company whose organization code begins like this."""
    first = f"{REGION}{start}00000"[:17]
    return first + identifiers.credit_code_check_character(first)


def _provider(name: str, ways: dict[str, RealNameWay]) -> str:
    """What a provider is called: a way of proving names by its label, others by their kind."""
    family, _slash, way = name.partition("/")
    if way in ways:
        return ways[way].label.in_language(_console.language())
    return _console.label(f"provider.{family}")


def _providers() -> None:
    """The last hour of every party that was asked in the last day."""
    told = _console.ask(health.provider_health)
    if not told:
        _console.empty(_("Nobody was asked in the last day. Prove a name on a phone."))
        return
    ways = _console.ask(lambda q: q.policies(RealNameWay))
    _console.table(
        [
            {
                _("Provider"): _provider(one.provider, ways),
                _("Answers in the last hour"): one.answers,
                _("Failures in the last hour"): one.failures,
                _("Latency in seconds"): round(one.latency_ms / 1000, 1),
                _("Last answer"): _console.when(one.last_answer_at),
                _("Last failure"): _console.when(one.last_failure_at),
            }
            for one in told
        ]
    )


def _real_names() -> None:
    ways = _console.ask(lambda q: q.policies(RealNameWay))

    def named(labels: tuple[str, ...]) -> str:
        known = [ways[one].label.in_language(_console.language()) for one in labels if one in ways]
        return " · ".join(known) or _("all ways")

    st.subheader(_("Real-name proofs: the three digits before a resident ID's check character"))
    _console.table(
        [
            {
                _("Digits"): one.digits,
                _("A number to type"): _resident_id(one.digits),
                _("Outcome"): _console.label(f"sandbox.{one.outcome}"),
                _("What happened"): one.tells.in_language(_console.language()),
                _("Ways"): named(one.ways),
            }
            for one in identity.sandbox_values()
        ]
    )
    st.caption(_("Every other valid number matches: {number}", number=_resident_id("001")))


def _numbers() -> None:
    st.subheader(_("One-tap sign-in: the last four digits of a phone number"))
    _console.table(
        [
            {
                _("Digits"): one.digits,
                _("A number to type"): f"1380000{one.digits}",
                _("Outcome"): _console.label(f"sandbox.{one.outcome}"),
            }
            for one in carrier.load_rules().sandbox
        ]
    )


def _enterprises() -> None:
    st.subheader(_("Enterprise register: the first four characters of the organization code"))
    _console.table(
        [
            {
                _("Characters"): one.uscc or one.name,
                _("A code to type"): _credit_code(one.uscc) if one.uscc else "—",
                _("Outcome"): _console.label(f"sandbox.{one.outcome}"),
                _("What happened"): _console.label(f"register.{one.reason}") if one.reason else "—",
            }
            for one in register.load_rules().sandbox
        ]
    )


def _payments() -> None:
    st.subheader(_("Payments: accounts that force an outcome"))
    st.caption(_("Typed at the simulated cashier, on the phone, before paying."))
    _console.table(
        [
            {_("Test account"): one.account, _("What happened"): _console.told(one.label)}
            for one in bank.sandbox_values()
        ]
    )


def _tax() -> None:
    st.subheader(_("Tax service: a part of the buyer's name on an invoice"))
    _console.table(
        [
            {_("Name has in it"): one.name, _("What happened"): _console.told(one.label)}
            for one in tax.sandbox_values()
        ]
    )


def _couriers() -> None:
    st.subheader(_("Courier: a part of the detailed address"))
    _console.table(
        [
            {_("Address has in it"): one.text, _("What happened"): _console.told(one.label)}
            for one in courier.sandbox_values()
        ]
    )


_console.title(
    _("Outside parties and test values"),
    _("Type one of these and the simulated party answers as it says, every time."),
)
_live.follow(_providers, key="providers")


_real_names()
_payments()
_numbers()
_enterprises()
_tax()
_couriers()
