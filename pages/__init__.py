"""The console: one file, one screen; no rules, no SQL."""
