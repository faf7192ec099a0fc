DROP TABLE invoice_dues;
DROP TABLE revenue_runs;
DROP TABLE revenue_groups;
DROP TABLE revenue_schedules;
DROP TABLE ledger_locks;
DROP TABLE ledger_balances;
DROP TABLE ledger_lines;
DROP TABLE ledger_transactions;
