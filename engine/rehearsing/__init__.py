"""Rehearsing trouble: outside parties of a demo world are slow, down, lying or doubled for a while."""
