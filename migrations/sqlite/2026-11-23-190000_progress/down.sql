DROP TABLE policy_statements;
DROP TABLE step_reports;
