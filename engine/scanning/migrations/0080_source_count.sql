DROP TABLE ticket_count
