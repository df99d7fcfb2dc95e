"""Settings that staff change, kept as versions with an effective date."""
