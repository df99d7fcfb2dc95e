"""Certificates: requested, issued, activated, proved, revoked."""
