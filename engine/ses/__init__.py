"""Electronic seals: drawn as vectors, and signed as the objects of GB/T 38540-2020.

Mechanisms only: no database, no clock, no randomness. Who may have which seal is another's rule.
"""
