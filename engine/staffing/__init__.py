"""Staff: accounts, grants with scope, sign-in and sessions."""
