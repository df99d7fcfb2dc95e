"""What people do with files: made by scan, opened by scan, at the PC and on the phone."""

from __future__ import annotations

from engine.enveloping import actions as enveloping
from engine.enveloping import queries as files
from engine.http.routing import Route
from engine.http.routing import asks as _asks
from engine.http.routing import does as _does

ROUTES: tuple[Route, ...] = (
    _asks("person", files.file_to_be_signed, "What a phone signs for a file that is made"),
    _does("person", enveloping.confirm_file, "Sign a file's digest with a certificate's PIN"),
    _asks("person", files.to_be_opened, "What a phone opens of a file that is decrypted"),
    _does("person", enveloping.confirm_opening, "Open a file's key by both halves"),
    _does("person", enveloping.hand_over_key, "Hand a file's key to the browser that asked"),
    _asks("person", files.only_with, "The files that open with a certificate's key alone"),
    _asks("mall", files.limits, "How large a file may be, and for how many"),
    _asks("mall", files.recipients, "For whom a file can be encrypted"),
    _asks("mall", files.rows, "The files that were made by and for the account's enterprise"),
    _does("mall", enveloping.ask_file, "Ask for a file to be signed and encrypted"),
    _does("mall", enveloping.open_file_ticket, "The QR code that makes a file"),
    _does("mall", enveloping.take_signature, "Take the signature of a file, once"),
    _does("mall", enveloping.record_made, "Tell that a file was encrypted"),
    _does("mall", enveloping.drop_file, "Give the making of a file up"),
    _does("mall", enveloping.ask_opening, "Ask for an encrypted file to be opened"),
    _does("mall", enveloping.open_decryption_ticket, "The QR code that opens a file"),
    _does("mall", enveloping.take_key, "Take the key of a file, once"),
    _does("mall", enveloping.record_read, "Tell that a file was read, and who signed it"),
    _does("mall", enveloping.record_damaged, "Tell that a file could not be read"),
)
