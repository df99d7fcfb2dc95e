"""Documents: typeset, taken in, signed (PAdES) and verified. No database, clock or chance of its own."""
