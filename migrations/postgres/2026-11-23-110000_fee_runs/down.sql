DROP TABLE fee_refunds;
DROP TABLE fee_run_rows;
DROP TABLE fee_runs;
DROP FUNCTION refuse_fee_refund_loss();
