"""Binding a mall account to a certificate, and signing in by scan."""
