-- Who pays fees in a city's stead: foundations, ministries, programmes of the Union.
CREATE TABLE funders (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    street TEXT,
    postal_code TEXT,
    town TEXT,
    country TEXT NOT NULL,
    cvr TEXT,
    gln TEXT,
    order_reference TEXT,
    email TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX funders_name_key ON funders (name_key);

-- What a city asks a funder for, and how far it came.
CREATE TABLE funding_grants (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    funder_id BLOB NOT NULL REFERENCES funders (id),
    title TEXT NOT NULL,
    purpose TEXT,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    asked_minor INTEGER NOT NULL,
    reference TEXT,
    submitted_on TEXT,
    decided_on TEXT,
    reported_on TEXT,
    ended_on TEXT,
    reason TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT funding_grants_asked CHECK (asked_minor > 0)
) STRICT;
CREATE INDEX funding_grants_city ON funding_grants (city_id, created_at, id);
CREATE INDEX funding_grants_funder_id ON funding_grants (funder_id);
CREATE INDEX funding_grants_created ON funding_grants (created_at, id);
CREATE INDEX funding_grants_updated ON funding_grants (updated_at, id);

-- What the funder promised. What is used of it is kept in the transactions that use it, so that the
-- promise cannot be exceeded, however many do so at once.
CREATE TABLE funding_awards (
    grant_id BLOB NOT NULL PRIMARY KEY REFERENCES funding_grants (id),
    promised_minor INTEGER NOT NULL,
    promised_currency TEXT NOT NULL,
    usable_minor INTEGER NOT NULL,
    usable_currency TEXT NOT NULL,
    rate_on TEXT,
    eligible_from TEXT NOT NULL,
    eligible_until TEXT NOT NULL,
    share_hundredths INTEGER NOT NULL,
    products TEXT NOT NULL,
    covers_vat INTEGER NOT NULL CHECK (covers_vat IN (0, 1)),
    no_other_funds INTEGER NOT NULL CHECK (no_other_funds IN (0, 1)),
    paid_to TEXT NOT NULL,
    report_due_on TEXT NOT NULL,
    used_minor INTEGER NOT NULL,
    awarded_by BLOB,
    created_at INTEGER NOT NULL,
    CONSTRAINT funding_awards_used CHECK (used_minor >= 0 AND used_minor <= usable_minor),
    CONSTRAINT funding_awards_promised CHECK (promised_minor > 0 AND usable_minor > 0),
    CONSTRAINT funding_awards_share CHECK (share_hundredths >= 1 AND share_hundredths <= 10000),
    CONSTRAINT funding_awards_eligible CHECK (eligible_from < eligible_until),
    CONSTRAINT funding_awards_rate CHECK ((promised_currency = usable_currency) = (rate_on IS NULL))
) STRICT;
CREATE TRIGGER funding_awards_frozen_update BEFORE UPDATE ON funding_awards
WHEN NEW.grant_id IS NOT OLD.grant_id
    OR NEW.promised_minor IS NOT OLD.promised_minor OR NEW.promised_currency IS NOT OLD.promised_currency
    OR NEW.usable_minor IS NOT OLD.usable_minor OR NEW.usable_currency IS NOT OLD.usable_currency
    OR NEW.rate_on IS NOT OLD.rate_on
    OR NEW.eligible_from IS NOT OLD.eligible_from OR NEW.eligible_until IS NOT OLD.eligible_until
    OR NEW.share_hundredths IS NOT OLD.share_hundredths OR NEW.products IS NOT OLD.products
    OR NEW.covers_vat IS NOT OLD.covers_vat OR NEW.no_other_funds IS NOT OLD.no_other_funds
    OR NEW.paid_to IS NOT OLD.paid_to OR NEW.report_due_on IS NOT OLD.report_due_on
    OR NEW.awarded_by IS NOT OLD.awarded_by OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'awarded: funding_awards');
END;
CREATE TRIGGER funding_awards_no_delete BEFORE DELETE ON funding_awards
BEGIN
    SELECT RAISE(ABORT, 'awarded: funding_awards');
END;
CREATE TRIGGER funding_awards_no_replace BEFORE INSERT ON funding_awards
WHEN EXISTS (SELECT 1 FROM funding_awards WHERE grant_id = NEW.grant_id)
BEGIN
    SELECT RAISE(ABORT, 'awarded: funding_awards');
END;

-- In which parts the funder pays.
CREATE TABLE funding_instalments (
    id BLOB NOT NULL PRIMARY KEY,
    grant_id BLOB NOT NULL REFERENCES funding_grants (id),
    position INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    status TEXT NOT NULL,
    received_on TEXT,
    CONSTRAINT funding_instalments_amount CHECK (amount_minor > 0),
    CONSTRAINT funding_instalments_received CHECK ((status = 'RECEIVED') = (received_on IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX funding_instalments_position ON funding_instalments (grant_id, position);
