"""Invoices against the tax service's list of each day, their orders' money, and the books (PAY-1)."""
