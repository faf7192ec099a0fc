-- What a grant pays of a line of an invoice. What is issued is never changed: an entry below zero takes
-- an entry back. While nothing is issued, an entry goes with its draft.
CREATE TABLE fundings (
    id BLOB NOT NULL PRIMARY KEY,
    grant_id BLOB NOT NULL REFERENCES funding_grants (id),
    -- The city's invoice and line.
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    invoice_line_id BLOB NOT NULL REFERENCES invoice_lines (id),
    -- The funder's own, where it is invoiced itself.
    share_invoice_id BLOB REFERENCES invoices (id),
    share_line_id BLOB REFERENCES invoice_lines (id),
    counters_id BLOB REFERENCES fundings (id),
    net_minor INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    funded_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT fundings_amount CHECK (net_minor <> 0 AND (net_minor < 0) = (counters_id IS NOT NULL)
        AND (amount_minor < 0) = (net_minor < 0)),
    CONSTRAINT fundings_share CHECK ((share_invoice_id IS NULL) = (share_line_id IS NULL))
) STRICT;
CREATE INDEX fundings_grant_id ON fundings (grant_id, id);
CREATE INDEX fundings_invoice_id ON fundings (invoice_id, id);
CREATE INDEX fundings_invoice_line_id ON fundings (invoice_line_id);
CREATE INDEX fundings_share_invoice_id ON fundings (share_invoice_id);
CREATE INDEX fundings_share_line_id ON fundings (share_line_id);
-- An entry is taken back once.
CREATE UNIQUE INDEX fundings_counters_id ON fundings (counters_id);
CREATE TRIGGER fundings_no_update BEFORE UPDATE ON fundings
BEGIN
    SELECT RAISE(ABORT, 'append only: fundings');
END;
CREATE TRIGGER fundings_no_delete BEFORE DELETE ON fundings
WHEN EXISTS (SELECT 1 FROM invoices WHERE id = COALESCE(OLD.share_invoice_id, OLD.invoice_id) AND status <> 'DRAFT')
BEGIN
    SELECT RAISE(ABORT, 'append only: fundings');
END;
CREATE TRIGGER fundings_no_replace BEFORE INSERT ON fundings
WHEN EXISTS (SELECT 1 FROM fundings WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: fundings');
END;
-- What funders pay of a line that the city is invoiced as a whole is never more than the line; where
-- funders are invoiced themselves, the lines are divided.
CREATE TRIGGER fundings_within_line BEFORE INSERT ON fundings
WHEN NEW.share_line_id IS NULL AND NEW.net_minor
    + (SELECT COALESCE(SUM(net_minor), 0) FROM fundings WHERE invoice_line_id = NEW.invoice_line_id AND share_line_id IS NULL)
    > (SELECT net_minor - credited_minor FROM invoice_lines WHERE id = NEW.invoice_line_id)
BEGIN
    SELECT RAISE(ABORT, 'above the line: fundings');
END;
