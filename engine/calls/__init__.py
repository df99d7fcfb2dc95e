"""Answering the phone: who calls, what of theirs is unfinished, what to say, and what was said."""
