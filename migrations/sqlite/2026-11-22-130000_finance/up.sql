CREATE TABLE sellers (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    town TEXT NOT NULL,
    country TEXT NOT NULL,
    cvr TEXT NOT NULL,
    email TEXT NOT NULL,
    bank_registration TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    -- How payers use payment slips and pay from abroad; without them an invoice names the account alone.
    fik_creditor TEXT,
    iban TEXT,
    bic TEXT,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    rule_set TEXT NOT NULL,
    fee_year TEXT NOT NULL,
    first_year TEXT NOT NULL,
    last_year TEXT NOT NULL,
    recognition TEXT NOT NULL,
    payment_days INTEGER NOT NULL,
    einvoicing TEXT NOT NULL,
    four_eyes_above INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT sellers_four_eyes_above CHECK (four_eyes_above >= 0)
) STRICT;
CREATE UNIQUE INDEX sellers_code ON sellers (code);

CREATE TABLE prices (
    id BLOB NOT NULL PRIMARY KEY,
    product TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    vat_category TEXT NOT NULL,
    vat_rate_bp INTEGER NOT NULL,
    exemption_reason TEXT,
    note TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT prices_amount CHECK (amount_minor >= 0)
) STRICT;
CREATE UNIQUE INDEX prices_valid_from ON prices (product, currency, valid_from);
-- Invoices point at the price they were computed from, so an entry of the list never changes.
CREATE TRIGGER prices_no_update BEFORE UPDATE ON prices
BEGIN
    SELECT RAISE(ABORT, 'append only: prices');
END;
CREATE TRIGGER prices_no_delete BEFORE DELETE ON prices
BEGIN
    SELECT RAISE(ABORT, 'append only: prices');
END;
-- INSERT OR REPLACE removes the row in its way without firing the trigger against deletion.
CREATE TRIGGER prices_no_replace BEFORE INSERT ON prices
WHEN EXISTS (SELECT 1 FROM prices WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: prices');
END;

CREATE TABLE invoice_counters (
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    last_issued_on TEXT,
    PRIMARY KEY (series, year)
) STRICT;

CREATE TABLE invoices (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    city_id BLOB NOT NULL REFERENCES cities (id),
    membership_id BLOB REFERENCES memberships (id),
    package_id BLOB REFERENCES packages (id),
    -- The grant whose funder is invoiced in the city's stead; none when the city is.
    grant_id BLOB REFERENCES funding_grants (id),
    seller_id BLOB NOT NULL REFERENCES sellers (id),
    fee_year INTEGER NOT NULL,
    instalment INTEGER,
    series TEXT,
    year INTEGER,
    sequence INTEGER,
    number TEXT,
    currency TEXT NOT NULL,
    net_minor INTEGER NOT NULL,
    vat_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    allocated_minor INTEGER NOT NULL,
    credited_minor INTEGER NOT NULL,
    written_off_minor INTEGER NOT NULL,
    issued_on TEXT,
    due_on TEXT,
    settled_on TEXT,
    content_hash TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT invoices_numbered CHECK ((status = 'DRAFT') = (number IS NULL)),
    CONSTRAINT invoices_total CHECK (total_minor >= 0 AND net_minor >= 0 AND vat_minor >= 0),
    CONSTRAINT invoices_settled CHECK (allocated_minor >= 0 AND credited_minor >= 0 AND written_off_minor >= 0
        AND allocated_minor + credited_minor + written_off_minor <= total_minor)
) STRICT;
CREATE UNIQUE INDEX invoices_number ON invoices (series, year, sequence);
-- What is taken over from an older system keeps its number; no two invoices have the same.
CREATE UNIQUE INDEX invoices_written_number ON invoices (number);
CREATE INDEX invoices_city ON invoices (city_id, created_at, id);
CREATE INDEX invoices_city_open ON invoices (city_id, due_on, id)
    WHERE status IN ('ISSUED', 'SENT', 'PARTLY_PAID');
CREATE INDEX invoices_created ON invoices (created_at, id);
CREATE INDEX invoices_issued ON invoices ((issued_on IS NULL), issued_on, id);
CREATE INDEX invoices_updated ON invoices (updated_at, id);
CREATE INDEX invoices_due ON invoices (due_on, id);
CREATE INDEX invoices_of_year ON invoices (fee_year, created_at, id);
CREATE INDEX invoices_membership_id ON invoices (membership_id);
CREATE INDEX invoices_package_id ON invoices (package_id);
CREATE INDEX invoices_grant_id ON invoices (grant_id);
CREATE INDEX invoices_seller_id ON invoices (seller_id);

-- Both sides as they were on the day of issue, apart from the invoice: lists of invoices need them not.
CREATE TABLE invoice_parties (
    invoice_id BLOB NOT NULL PRIMARY KEY REFERENCES invoices (id),
    seller TEXT NOT NULL,
    buyer TEXT NOT NULL
) STRICT;
CREATE TRIGGER invoice_parties_no_update BEFORE UPDATE ON invoice_parties
BEGIN
    SELECT RAISE(ABORT, 'append only: invoice_parties');
END;
CREATE TRIGGER invoice_parties_no_delete BEFORE DELETE ON invoice_parties
BEGIN
    SELECT RAISE(ABORT, 'append only: invoice_parties');
END;
CREATE TRIGGER invoice_parties_no_replace BEFORE INSERT ON invoice_parties
WHEN EXISTS (SELECT 1 FROM invoice_parties WHERE invoice_id = NEW.invoice_id)
BEGIN
    SELECT RAISE(ABORT, 'append only: invoice_parties');
END;

CREATE TABLE invoice_lines (
    id BLOB NOT NULL PRIMARY KEY,
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    position INTEGER NOT NULL,
    product TEXT NOT NULL,
    description_en TEXT NOT NULL,
    description_da TEXT NOT NULL,
    formula_en TEXT NOT NULL,
    formula_da TEXT NOT NULL,
    period_from TEXT,
    period_until TEXT,
    quantity INTEGER NOT NULL,
    unit_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    credited_minor INTEGER NOT NULL,
    vat_category TEXT NOT NULL,
    vat_rate_bp INTEGER NOT NULL,
    exemption_reason TEXT,
    price_id BLOB REFERENCES prices (id),
    CONSTRAINT invoice_lines_credited CHECK (credited_minor >= 0 AND credited_minor <= net_minor)
) STRICT;
CREATE UNIQUE INDEX invoice_lines_position ON invoice_lines (invoice_id, position);
CREATE INDEX invoice_lines_price_id ON invoice_lines (price_id);

-- The sums of invoices, kept in the transactions that change them, so that totals cost the same
-- however many invoices there are. A row is split into slots, so that two cities' payments seldom
-- wait for each other. issue_year is 0 for drafts.
CREATE TABLE invoice_totals (
    fee_year INTEGER NOT NULL,
    issue_year INTEGER NOT NULL,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    slot INTEGER NOT NULL,
    invoices INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    credited_minor INTEGER NOT NULL,
    open_minor INTEGER NOT NULL,
    PRIMARY KEY (fee_year, issue_year, status, currency, slot)
) STRICT;

-- What takes an invoice back, or a part of it: a document of its own series. A proposal has no number
-- and changes nothing; what is issued never changes.
CREATE TABLE credit_notes (
    id BLOB NOT NULL PRIMARY KEY,
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    status TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    reason TEXT NOT NULL,
    series TEXT,
    year INTEGER,
    sequence INTEGER,
    number TEXT,
    currency TEXT NOT NULL,
    net_minor INTEGER NOT NULL,
    vat_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    taxes TEXT NOT NULL,
    seller TEXT NOT NULL,
    buyer TEXT NOT NULL,
    issued_on TEXT,
    issued_by BLOB,
    content_hash TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT credit_notes_total CHECK (net_minor > 0 AND vat_minor >= 0 AND total_minor = net_minor + vat_minor),
    CONSTRAINT credit_notes_numbered CHECK ((status = 'ISSUED') = (number IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX credit_notes_number ON credit_notes (series, year, sequence);
CREATE INDEX credit_notes_invoice_id ON credit_notes (invoice_id, id);
CREATE INDEX credit_notes_city ON credit_notes (city_id, created_at, id);
CREATE INDEX credit_notes_created ON credit_notes (created_at, id);
CREATE INDEX credit_notes_issued ON credit_notes ((issued_on IS NULL), issued_on, id);
CREATE INDEX credit_notes_updated ON credit_notes (updated_at, id);

CREATE TABLE credit_note_lines (
    id BLOB NOT NULL PRIMARY KEY,
    credit_note_id BLOB NOT NULL REFERENCES credit_notes (id),
    invoice_line_id BLOB NOT NULL REFERENCES invoice_lines (id),
    position INTEGER NOT NULL,
    product TEXT NOT NULL,
    description_en TEXT NOT NULL,
    description_da TEXT NOT NULL,
    net_minor INTEGER NOT NULL,
    vat_category TEXT NOT NULL,
    vat_rate_bp INTEGER NOT NULL,
    exemption_reason TEXT,
    CONSTRAINT credit_note_lines_net CHECK (net_minor > 0)
) STRICT;
CREATE UNIQUE INDEX credit_note_lines_position ON credit_note_lines (credit_note_id, position);
CREATE INDEX credit_note_lines_invoice_line_id ON credit_note_lines (invoice_line_id);

CREATE TABLE payments (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    allocated_minor INTEGER NOT NULL,
    -- What the bank took back, or was paid back.
    returned_minor INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    reference TEXT,
    payer_name TEXT,
    note TEXT,
    recorded_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT payments_amount CHECK (amount_minor > 0),
    CONSTRAINT payments_allocated CHECK (allocated_minor >= 0 AND returned_minor >= 0
        AND allocated_minor + returned_minor <= amount_minor)
) STRICT;
CREATE INDEX payments_city ON payments (city_id, received_on, id);
CREATE INDEX payments_received ON payments (received_on, id);
CREATE INDEX payments_updated ON payments (updated_at, id);

-- A payment that the bank took back, or that was recorded wrongly: the payment stays, and counts no more.
CREATE TABLE payment_reversals (
    payment_id BLOB NOT NULL PRIMARY KEY REFERENCES payments (id),
    reversed_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    reversed_by BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER payment_reversals_no_update BEFORE UPDATE ON payment_reversals
BEGIN
    SELECT RAISE(ABORT, 'append only: payment_reversals');
END;
CREATE TRIGGER payment_reversals_no_delete BEFORE DELETE ON payment_reversals
BEGIN
    SELECT RAISE(ABORT, 'append only: payment_reversals');
END;
CREATE TRIGGER payment_reversals_no_replace BEFORE INSERT ON payment_reversals
WHEN EXISTS (SELECT 1 FROM payment_reversals WHERE payment_id = NEW.payment_id)
BEGIN
    SELECT RAISE(ABORT, 'append only: payment_reversals');
END;

CREATE TABLE allocations (
    id BLOB NOT NULL PRIMARY KEY,
    payment_id BLOB NOT NULL REFERENCES payments (id),
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    credit_note_id BLOB REFERENCES credit_notes (id),
    reversal_id BLOB REFERENCES payment_reversals (payment_id),
    released_id BLOB REFERENCES allocations (id),
    amount_minor INTEGER NOT NULL,
    allocated_on TEXT NOT NULL,
    reason TEXT,
    -- Where the invoice stood before: there it stands again when all money is taken off it.
    found_status TEXT,
    allocated_by BLOB,
    created_at INTEGER NOT NULL,
    -- Below zero is money that goes back to its payment: by a credit note, because the payment was
    -- reversed, or because the use is undone.
    CONSTRAINT allocations_amount CHECK (amount_minor <> 0 AND (amount_minor < 0)
        = (credit_note_id IS NOT NULL) + (reversal_id IS NOT NULL) + (released_id IS NOT NULL)),
    CONSTRAINT allocations_reversal CHECK (reversal_id = payment_id),
    CONSTRAINT allocations_reason CHECK ((released_id IS NULL) = (reason IS NULL)),
    CONSTRAINT allocations_found CHECK ((amount_minor > 0) = (found_status IS NOT NULL))
) STRICT;
CREATE INDEX allocations_payment_id ON allocations (payment_id, id);
CREATE INDEX allocations_invoice_id ON allocations (invoice_id, id);
CREATE INDEX allocations_credit_note_id ON allocations (credit_note_id);
CREATE INDEX allocations_reversal_id ON allocations (reversal_id);
-- A use is undone once.
CREATE UNIQUE INDEX allocations_released_id ON allocations (released_id);
CREATE TRIGGER allocations_no_update BEFORE UPDATE ON allocations
BEGIN
    SELECT RAISE(ABORT, 'append only: allocations');
END;
CREATE TRIGGER allocations_no_delete BEFORE DELETE ON allocations
BEGIN
    SELECT RAISE(ABORT, 'append only: allocations');
END;
CREATE TRIGGER allocations_no_replace BEFORE INSERT ON allocations
WHEN EXISTS (SELECT 1 FROM allocations WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: allocations');
END;

CREATE UNIQUE INDEX invoices_fee_year ON invoices (membership_id, fee_year)
    WHERE kind = 'ANNUAL_FEE' AND status <> 'CREDITED' AND grant_id IS NULL;
CREATE UNIQUE INDEX invoices_fee_year_share ON invoices (membership_id, fee_year, grant_id)
    WHERE kind = 'ANNUAL_FEE' AND status <> 'CREDITED' AND grant_id IS NOT NULL;
CREATE UNIQUE INDEX invoices_instalment ON invoices (package_id, instalment)
    WHERE kind = 'PACKAGE' AND status <> 'CREDITED' AND grant_id IS NULL;
CREATE UNIQUE INDEX invoices_instalment_share ON invoices (package_id, instalment, grant_id)
    WHERE kind = 'PACKAGE' AND status <> 'CREDITED' AND grant_id IS NOT NULL;
CREATE INDEX invoices_overdue ON invoices (due_on, id)
    WHERE status IN ('ISSUED', 'SENT', 'PARTLY_PAID');

-- What stands on an issued invoice never changes; only its settlement moves: what is credited stays so,
-- and money leaves it only down to the sum of its allocations, after an entry that took it back.
CREATE TRIGGER invoices_frozen_update BEFORE UPDATE ON invoices
WHEN OLD.status <> 'DRAFT' AND (NEW.status = 'DRAFT' OR NEW.credited_minor < OLD.credited_minor
    OR (NEW.allocated_minor < OLD.allocated_minor AND NEW.allocated_minor <>
        (SELECT COALESCE(SUM(amount_minor), 0) FROM allocations WHERE invoice_id = OLD.id))
    OR NEW.kind IS NOT OLD.kind
    OR NEW.id IS NOT OLD.id
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.created_by IS NOT OLD.created_by
    OR NEW.city_id IS NOT OLD.city_id
    OR NEW.membership_id IS NOT OLD.membership_id
    OR NEW.package_id IS NOT OLD.package_id
    OR NEW.grant_id IS NOT OLD.grant_id
    OR NEW.seller_id IS NOT OLD.seller_id
    OR NEW.fee_year IS NOT OLD.fee_year
    OR NEW.instalment IS NOT OLD.instalment
    OR NEW.series IS NOT OLD.series
    OR NEW.year IS NOT OLD.year
    OR NEW.sequence IS NOT OLD.sequence
    OR NEW.number IS NOT OLD.number
    OR NEW.currency IS NOT OLD.currency
    OR NEW.net_minor IS NOT OLD.net_minor
    OR NEW.vat_minor IS NOT OLD.vat_minor
    OR NEW.total_minor IS NOT OLD.total_minor
    OR NEW.issued_on IS NOT OLD.issued_on
    OR NEW.due_on IS NOT OLD.due_on
    OR NEW.content_hash IS NOT OLD.content_hash)
BEGIN
    SELECT RAISE(ABORT, 'issued: invoices');
END;
CREATE TRIGGER invoices_frozen_delete BEFORE DELETE ON invoices
WHEN OLD.status <> 'DRAFT'
BEGIN
    SELECT RAISE(ABORT, 'issued: invoices');
END;
CREATE TRIGGER invoices_frozen_replace BEFORE INSERT ON invoices
WHEN EXISTS (SELECT 1 FROM invoices WHERE id = NEW.id AND status <> 'DRAFT')
BEGIN
    SELECT RAISE(ABORT, 'issued: invoices');
END;
-- Only how much of a line is credited grows.
CREATE TRIGGER invoice_lines_frozen_insert BEFORE INSERT ON invoice_lines
WHEN EXISTS (SELECT 1 FROM invoices WHERE id = NEW.invoice_id AND status <> 'DRAFT')
BEGIN
    SELECT RAISE(ABORT, 'issued: invoice_lines');
END;
CREATE TRIGGER invoice_lines_frozen_update BEFORE UPDATE ON invoice_lines
WHEN (NEW.credited_minor <= OLD.credited_minor
    OR NEW.id IS NOT OLD.id
    OR NEW.invoice_id IS NOT OLD.invoice_id
    OR NEW.position IS NOT OLD.position
    OR NEW.product IS NOT OLD.product
    OR NEW.description_en IS NOT OLD.description_en
    OR NEW.description_da IS NOT OLD.description_da
    OR NEW.formula_en IS NOT OLD.formula_en
    OR NEW.formula_da IS NOT OLD.formula_da
    OR NEW.period_from IS NOT OLD.period_from
    OR NEW.period_until IS NOT OLD.period_until
    OR NEW.quantity IS NOT OLD.quantity
    OR NEW.unit_minor IS NOT OLD.unit_minor
    OR NEW.net_minor IS NOT OLD.net_minor
    OR NEW.vat_category IS NOT OLD.vat_category
    OR NEW.vat_rate_bp IS NOT OLD.vat_rate_bp
    OR NEW.exemption_reason IS NOT OLD.exemption_reason
    OR NEW.price_id IS NOT OLD.price_id)
    AND EXISTS (SELECT 1 FROM invoices WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'DRAFT')
BEGIN
    SELECT RAISE(ABORT, 'issued: invoice_lines');
END;
CREATE TRIGGER invoice_lines_frozen_delete BEFORE DELETE ON invoice_lines
WHEN EXISTS (SELECT 1 FROM invoices WHERE id = OLD.invoice_id AND status <> 'DRAFT')
BEGIN
    SELECT RAISE(ABORT, 'issued: invoice_lines');
END;

CREATE TRIGGER credit_notes_frozen_update BEFORE UPDATE ON credit_notes
WHEN OLD.status <> 'PROPOSED' OR NEW.invoice_id IS NOT OLD.invoice_id OR NEW.created_by IS NOT OLD.created_by
BEGIN
    SELECT RAISE(ABORT, 'issued: credit_notes');
END;
CREATE TRIGGER credit_notes_frozen_delete BEFORE DELETE ON credit_notes
WHEN OLD.status <> 'PROPOSED'
BEGIN
    SELECT RAISE(ABORT, 'issued: credit_notes');
END;
CREATE TRIGGER credit_notes_frozen_replace BEFORE INSERT ON credit_notes
WHEN EXISTS (SELECT 1 FROM credit_notes WHERE id = NEW.id AND status <> 'PROPOSED')
BEGIN
    SELECT RAISE(ABORT, 'issued: credit_notes');
END;
CREATE TRIGGER credit_note_lines_frozen_insert BEFORE INSERT ON credit_note_lines
WHEN EXISTS (SELECT 1 FROM credit_notes WHERE id = NEW.credit_note_id AND status <> 'PROPOSED')
BEGIN
    SELECT RAISE(ABORT, 'issued: credit_note_lines');
END;
CREATE TRIGGER credit_note_lines_frozen_update BEFORE UPDATE ON credit_note_lines
BEGIN
    SELECT RAISE(ABORT, 'append only: credit_note_lines');
END;
CREATE TRIGGER credit_note_lines_frozen_delete BEFORE DELETE ON credit_note_lines
WHEN EXISTS (SELECT 1 FROM credit_notes WHERE id = OLD.credit_note_id AND status <> 'PROPOSED')
BEGIN
    SELECT RAISE(ABORT, 'issued: credit_note_lines');
END;

-- What is recorded of a payment never changes; a correction is a new entry. What is used of it grows,
-- and shrinks only to the sum of its allocations, after an entry that gave money back.
CREATE TRIGGER payments_frozen_update BEFORE UPDATE ON payments
WHEN (NEW.allocated_minor < OLD.allocated_minor AND NEW.allocated_minor <>
        (SELECT COALESCE(SUM(amount_minor), 0) FROM allocations WHERE payment_id = OLD.id))
    OR NEW.returned_minor < OLD.returned_minor
    OR NEW.id IS NOT OLD.id
    OR NEW.city_id IS NOT OLD.city_id
    OR NEW.currency IS NOT OLD.currency
    OR NEW.amount_minor IS NOT OLD.amount_minor
    OR NEW.received_on IS NOT OLD.received_on
    OR NEW.reference IS NOT OLD.reference
    OR NEW.payer_name IS NOT OLD.payer_name
    OR NEW.note IS NOT OLD.note
    OR NEW.recorded_by IS NOT OLD.recorded_by
    OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'append only: payments');
END;
CREATE TRIGGER payments_frozen_delete BEFORE DELETE ON payments
BEGIN
    SELECT RAISE(ABORT, 'append only: payments');
END;
CREATE TRIGGER payments_no_replace BEFORE INSERT ON payments
WHEN EXISTS (SELECT 1 FROM payments WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: payments');
END;
