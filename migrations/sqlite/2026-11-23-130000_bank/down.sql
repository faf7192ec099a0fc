DROP TABLE bank_policies;
DROP TABLE bank_decisions;
DROP TABLE bank_proposals;
DROP TABLE bank_entries;
DROP TABLE bank_statements;
