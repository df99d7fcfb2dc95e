"""Reports: DuckDB over an incremental copy of the world's tables, one `.sql` a report."""
