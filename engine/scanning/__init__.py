"""QR tickets: made for one browser, one purpose and 180 seconds; used once."""
