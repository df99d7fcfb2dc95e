"""Incidents and what is done about them: their record with timeline and action items, stops of issuing."""
