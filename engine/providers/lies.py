"""What a party answers that lies: something well formed that is not so.

A lie is told about what was really asked, by the party itself: its signature is good wherever it signs.
What the platform can notice it has to refuse, and what it cannot it has to find later.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel import ids, ports
from engine.pki import keys

Asked = Callable[..., Any]
Lie = Callable[[Asked, tuple[Any, ...], Mapping[str, Any]], Any]

# Whose name a lying CA, and a lying bank, put in the place of the one they were told.
SOMEBODY_ELSE = "某某商贸有限公司"
_DISAGREES = "no_record"


def _sent(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> None:
    """A gateway says that it took the message, and throws it away."""


def _other_number(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> str:
    number: str = asked(*args, **given)
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}" if number else number


def _opposite(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> ports.Verdict:
    told: ports.Verdict = asked(*args, **given)
    if told.matched:
        return dataclasses.replace(told, matched=False, reason=_DISAGREES)
    return dataclasses.replace(told, matched=True, reason="", mismatched=())


def _paid(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> ports.PaymentState:
    told: ports.PaymentState = asked(*args, **given)
    if told.status not in ("created", "closed"):
        return told
    return dataclasses.replace(told, status="paid")


def _for_another(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> bytes:
    (request,) = args
    applicant = dataclasses.replace(request.applicant, common_name=SOMEBODY_ELSE)
    made: bytes = asked(dataclasses.replace(request, applicant=applicant))
    return made


def _another_key(
    asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]
) -> ports.EncryptionKey:
    made: ports.EncryptionKey = asked(*args, **given)
    drawn = ids.Stream(hashlib.sha256(made.public_key).digest())
    other = keys.public_to_der(keys.generate(drawn).public_key())
    return dataclasses.replace(made, public_key=other)


def _broken_seal(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> ports.MadeSeal:
    made: ports.MadeSeal = asked(*args, **given)
    return dataclasses.replace(made, ses=_last_bit(made.ses))


def _not_filed(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> ports.FilingAnswer:
    return ports.FilingAnswer(reason="entered_already")


def _other_digest(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> bytes:
    (digest,) = args
    token: bytes = asked(hashlib.sha256(digest).digest(), **given)
    return token


def _broken_lists(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> Any:
    certificates, lists = asked(*args, **given)
    return certificates, [_last_bit(one) for one in lists]


def _other_amount(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> Any:
    told: ports.TaxOutcome = asked(*args, **given)
    return dataclasses.replace(told, total_fen=told.total_fen + 1)


def _no_number(asked: Asked, args: tuple[Any, ...], given: Mapping[str, Any]) -> ports.PickUp:
    told: ports.PickUp = asked(*args, **given)
    return dataclasses.replace(told, tracking_no="", problem="")


def _last_bit(der: bytes) -> bytes:
    return der[:-1] + bytes([der[-1] ^ 1])


# Port and call → what is answered. A party that is asked something else tells the truth.
LIES: Mapping[tuple[str, str], Lie] = {
    ("sms", "send"): _sent,
    ("carrier", "number_of"): _other_number,
    ("real_name", "check"): _opposite,
    ("register", "check"): _opposite,
    ("payment", "state"): _paid,
    ("payment", "close"): _paid,
    ("agencies", "issue"): _for_another,
    ("key_centre", "make"): _another_key,
    ("seal_makers", "make"): _broken_seal,
    ("seal_register", "file"): _not_filed,
    ("timestamps", "stamp"): _other_digest,
    ("validation", "material"): _broken_lists,
    ("tax", "issue"): _other_amount,
    ("tax", "reverse"): _other_amount,
    ("courier", "order"): _no_number,
}
