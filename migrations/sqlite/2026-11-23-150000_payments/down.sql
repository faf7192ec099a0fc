DROP TRIGGER invoices_written_off;
DROP TABLE write_offs;
DROP TABLE refunds;
