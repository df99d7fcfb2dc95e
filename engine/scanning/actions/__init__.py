"""Making, scanning, confirming and consuming tickets, each step one conditional update."""

from engine.scanning.actions.answering import (
    WrongPurpose,
    cancel,
    consume,
    end_of_account,
    end_of_certificate,
    end_refused,
    living,
    refuse,
    take_confirmed,
)
from engine.scanning.actions.handing import hand_over
from engine.scanning.actions.moving import TicketExpired
from engine.scanning.actions.numbers import (
    NumberNeeded,
    NumberSpent,
    WrongNumber,
    ask_for_number,
    require_number,
)
from engine.scanning.actions.opening import open_ticket
from engine.scanning.actions.reading import AlreadyScanned, TicketUnknown, scan
from engine.scanning.limits import TooManyCodes, TooManyUnknown

__all__ = [
    "AlreadyScanned",
    "NumberNeeded",
    "NumberSpent",
    "TicketExpired",
    "TicketUnknown",
    "TooManyCodes",
    "TooManyUnknown",
    "WrongNumber",
    "WrongPurpose",
    "ask_for_number",
    "cancel",
    "consume",
    "end_of_account",
    "end_of_certificate",
    "end_refused",
    "hand_over",
    "living",
    "open_ticket",
    "refuse",
    "require_number",
    "scan",
    "take_confirmed",
]
