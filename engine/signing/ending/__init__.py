"""The other ways of a contract: reminding, declining, withdrawing, extending, voiding by agreement."""

from engine.signing.ending.acting import decline, extend, read, remind, withdraw
from engine.signing.ending.deadlines import tell_of_deadline
from engine.signing.ending.voiding import (
    agree_voiding,
    propose_voiding,
    refuse_voiding,
    take_back_voiding,
)

__all__ = [
    "agree_voiding",
    "decline",
    "extend",
    "propose_voiding",
    "read",
    "refuse_voiding",
    "remind",
    "take_back_voiding",
    "tell_of_deadline",
    "withdraw",
]
