-- Who pays fees in a city's stead: foundations, ministries, programmes of the Union.
CREATE TABLE funders (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    street text COLLATE "C",
    postal_code text COLLATE "C",
    town text COLLATE "C",
    country text COLLATE "C" NOT NULL,
    cvr text COLLATE "C",
    gln text COLLATE "C",
    order_reference text COLLATE "C",
    email text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX funders_name_key ON funders (name_key);

-- What a city asks a funder for, and how far it came.
CREATE TABLE funding_grants (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    funder_id uuid NOT NULL REFERENCES funders (id),
    title text COLLATE "C" NOT NULL,
    purpose text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    asked_minor bigint NOT NULL,
    reference text COLLATE "C",
    submitted_on date,
    decided_on date,
    reported_on date,
    ended_on date,
    reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT funding_grants_asked CHECK (asked_minor > 0)
);
CREATE INDEX funding_grants_city ON funding_grants (city_id, created_at, id);
CREATE INDEX funding_grants_funder_id ON funding_grants (funder_id);
CREATE INDEX funding_grants_created ON funding_grants (created_at, id);
CREATE INDEX funding_grants_updated ON funding_grants (updated_at, id);

-- What the funder promised. What is used of it is kept in the transactions that use it, so that the
-- promise cannot be exceeded, however many do so at once.
CREATE TABLE funding_awards (
    grant_id uuid NOT NULL PRIMARY KEY REFERENCES funding_grants (id),
    promised_minor bigint NOT NULL,
    promised_currency text COLLATE "C" NOT NULL,
    usable_minor bigint NOT NULL,
    usable_currency text COLLATE "C" NOT NULL,
    rate_on date,
    eligible_from date NOT NULL,
    eligible_until date NOT NULL,
    share_hundredths integer NOT NULL,
    products jsonb NOT NULL,
    covers_vat boolean NOT NULL,
    no_other_funds boolean NOT NULL,
    paid_to text COLLATE "C" NOT NULL,
    report_due_on date NOT NULL,
    used_minor bigint NOT NULL,
    awarded_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT funding_awards_used CHECK (used_minor >= 0 AND used_minor <= usable_minor),
    CONSTRAINT funding_awards_promised CHECK (promised_minor > 0 AND usable_minor > 0),
    CONSTRAINT funding_awards_share CHECK (share_hundredths >= 1 AND share_hundredths <= 10000),
    CONSTRAINT funding_awards_eligible CHECK (eligible_from < eligible_until),
    CONSTRAINT funding_awards_rate CHECK ((promised_currency = usable_currency) = (rate_on IS NULL))
);
CREATE FUNCTION refuse_award_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'used_minor') IS DISTINCT FROM (to_jsonb(OLD) - 'used_minor') THEN
        RAISE EXCEPTION 'awarded: funding_awards' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_awards_frozen BEFORE UPDATE OR DELETE ON funding_awards
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();

-- In which parts the funder pays.
CREATE TABLE funding_instalments (
    id uuid NOT NULL PRIMARY KEY,
    grant_id uuid NOT NULL REFERENCES funding_grants (id),
    position integer NOT NULL,
    due_on date NOT NULL,
    amount_minor bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    received_on date,
    CONSTRAINT funding_instalments_amount CHECK (amount_minor > 0),
    CONSTRAINT funding_instalments_received CHECK ((status = 'RECEIVED') = (received_on IS NOT NULL))
);
CREATE UNIQUE INDEX funding_instalments_position ON funding_instalments (grant_id, position);
