"""Services beside certificates: ordered, paid, renewed and given up."""
