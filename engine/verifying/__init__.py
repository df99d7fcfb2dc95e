"""The whole judgment of an unknown PDF, in a process of its own: signatures, seals, looks (SGN-6)."""
