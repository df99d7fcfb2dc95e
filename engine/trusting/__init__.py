"""Mutual recognition: the signed trust list that is in force, and what it says of a certificate (PKI-4)."""
