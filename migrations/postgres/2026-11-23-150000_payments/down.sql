DROP TRIGGER invoices_written_off ON invoices;
DROP TABLE write_offs;
DROP TABLE refunds;
DROP FUNCTION refuse_unfounded_write_off();
DROP FUNCTION refuse_write_off_change();
DROP FUNCTION refuse_refund_change();
