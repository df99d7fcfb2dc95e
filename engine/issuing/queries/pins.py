"""What a certificate's PIN has to be. Only its holder's phone sees a PIN, so that refuses a weak one."""

from __future__ import annotations

import functools

from engine.issuing import model, store
from engine.issuing.queries.certificates import certificate
from engine.kernel import catalog
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.policies import model as policies
from engine.registration import queries as people

# Where the date of birth stands in a resident ID number.
_BORN = slice(6, 14)


class CommonPins(catalog.Declared):
    """`data/common_pins.toml`."""

    common: tuple[str, ...]


@functools.cache
def _common() -> tuple[str, ...]:
    return catalog.load(catalog.DATA / "common_pins.toml", CommonPins).common


def pin_rules(q: Reader, *, order_id: str = "", certificate_id: str = "") -> model.PinRules:
    """The rules of the CA of one's order or certificate, with one's own dates and numbers to refuse.

    Raises: NotFound, NotPermitted. Source: CRT-4, security 3.3.
    """
    account_id = people.person(q).account_id
    locked = False
    if certificate_id:
        found = certificate(q, certificate_id)
        agency_id = found.agency_id
        locked = store.locked_at(q, found.pair_id) is not None
    else:
        agency_id = orders.to_download(q, order_id).agency_id
    rule = q.policy(policies.CertificateAgency, agency_id)
    refused = set(_own(q, account_id, rule))
    if "common" in rule.pin_refused:
        refused |= set(_common())
    return model.PinRules(
        digits=rule.pin_digits,
        tries=rule.pin_tries,
        repeats="repeats" in rule.pin_refused,
        runs="runs" in rule.pin_refused,
        refused=tuple(sorted(one for one in refused if len(one) == rule.pin_digits)),
        locked=locked,
    )


def _own(q: Reader, account_id: str, rule: policies.CertificateAgency) -> list[str]:
    """What somebody who knows the holder would try first."""
    number, phone = people.person_number(q, account_id), people.person_phone(q, account_id)
    found: list[str] = []
    if "birth_date" in rule.pin_refused and number:
        year, month, day = number[_BORN][:4], number[_BORN][4:6], number[_BORN][6:]
        for one in (year, year[2:]):
            found += [one + month + day, day + month + one, month + day + one]
        found += [year + month, month + year, month + day + month + day]
    if "phone" in rule.pin_refused:
        found += [phone[-rule.pin_digits :], phone[: rule.pin_digits]]
    if "id_number" in rule.pin_refused and number:
        before_check = number[:-1]
        found += [number[-rule.pin_digits :], before_check[-rule.pin_digits :]]
        found.append(number[: rule.pin_digits])
    return found
