"""What every stage stands on: operations, the event chain, jobs, databases, secrets, time, ids."""
