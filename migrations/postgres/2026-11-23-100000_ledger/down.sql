DROP TABLE revenue_schedules;
DROP TABLE ledger_locks;
DROP TABLE ledger_balances;
DROP TABLE ledger_lines;
DROP TABLE ledger_transactions;
DROP FUNCTION refuse_reopening();
DROP FUNCTION refuse_late_line();
DROP FUNCTION refuse_unbalanced();
