"""Files that are encrypted for enterprises and opened by scan: made, recorded, opened (ENC-2…4).

What is in a file never comes to the platform. The browser at the PC encrypts and decrypts; the phone signs
the file's digest, or opens its key by halves and seals that to this browser alone (ADR 0034).
"""
