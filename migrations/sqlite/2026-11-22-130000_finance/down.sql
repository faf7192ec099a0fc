DROP TABLE allocations;
DROP TABLE payments;
DROP TABLE invoice_totals;
DROP TABLE invoice_lines;
DROP TABLE invoices;
DROP TABLE invoice_counters;
DROP TABLE prices;
DROP TABLE sellers;
