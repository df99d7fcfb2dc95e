"""Trading platforms as their buyers and suppliers see them: accounts, sessions, purchase orders."""
