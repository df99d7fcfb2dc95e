"""Revisions written by hand behind documents of our own: signatures, validation data, time-stamps.

pyHanko is the reference for all of it: it signs whatever comes from outside, and judges everything. Three
quarters of what it costs are objects made for ASN.1 that is thrown away, so the documents that this
platform made itself (templates, and uploads made anew) get their revisions from here: joined from bytes,
with the structure of the document read by qpdf. The same fields, the same dictionaries, the same answers
to the same questions; ADR 0035 says what is gained and what it costs.
"""

from engine.pdf.own.archiving import add_timestamp, add_validation_info, append
from engine.pdf.own.signing import finish, prepare

__all__ = ["add_timestamp", "add_validation_info", "append", "finish", "prepare"]
