"""The evidence pack (AUD-2): from a seal on a page back to everything behind it, checked offline."""
