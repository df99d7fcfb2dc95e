"""Where things are posted to, and how they get there: addresses, shipments."""
