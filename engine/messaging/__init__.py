"""Messages and to-dos to people, by code and parameters."""
