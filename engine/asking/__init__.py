"""Questions of one's own in SQL: who may ask, what a question may take, and those saved (RPT-5)."""
