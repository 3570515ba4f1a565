"""PostgreSQL: unit of work, event log, ledger, landing, outbox, deadlines."""
