"""Certificates and the services around them: X.509, CRL, OCSP, time-stamps. Mechanisms only.

No database, no clock and no randomness of its own: instants are UTC milliseconds and entropy is a
callable, both given. The international suite (P-256, SHA-256).
"""
