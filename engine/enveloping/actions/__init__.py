"""Files made by scan and opened by scan: asked for at the PC, confirmed on the phone, taken at the PC."""

from engine.enveloping.actions.checking import DigestInvalid, FileTooLarge, NameInvalid
from engine.enveloping.actions.making import (
    NoRecipient,
    OtherEnterprise,
    RecipientGone,
    TooManyRecipients,
    ask_file,
    confirm_file,
    drop_file,
    open_file_ticket,
    record_made,
    take_signature,
)
from engine.enveloping.actions.opening import (
    AnotherFile,
    HeadingTooLarge,
    KeyNotHere,
    KeyNotSealed,
    KeyTaken,
    NotForYou,
    ask_opening,
    confirm_opening,
    hand_over_key,
    open_decryption_ticket,
    take_key,
)
from engine.enveloping.actions.reading import record_damaged, record_read

__all__ = [
    "AnotherFile",
    "DigestInvalid",
    "FileTooLarge",
    "HeadingTooLarge",
    "KeyNotHere",
    "KeyNotSealed",
    "KeyTaken",
    "NameInvalid",
    "NoRecipient",
    "NotForYou",
    "OtherEnterprise",
    "RecipientGone",
    "TooManyRecipients",
    "ask_file",
    "ask_opening",
    "confirm_file",
    "confirm_opening",
    "drop_file",
    "hand_over_key",
    "open_decryption_ticket",
    "open_file_ticket",
    "record_damaged",
    "record_made",
    "record_read",
    "take_key",
    "take_signature",
]
