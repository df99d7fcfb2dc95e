"""Certificate orders, their money, and the two reviews they pass."""
