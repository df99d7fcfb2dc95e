"""Electronic seals: applied for, reviewed, made, used, ended."""
