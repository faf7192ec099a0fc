CREATE TABLE packages (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    status text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    price_minor bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    covers_annual_fee boolean NOT NULL,
    instalments integer NOT NULL,
    terminated_on date,
    expires_on date NOT NULL,
    different_hosts boolean NOT NULL,
    approval text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT packages_price CHECK (price_minor >= 0),
    CONSTRAINT packages_period CHECK (ends_on > starts_on),
    CONSTRAINT packages_expiry CHECK (expires_on >= ends_on),
    CONSTRAINT packages_overlap EXCLUDE USING gist (city_id WITH =, daterange(starts_on, ends_on) WITH &&) WHERE (status <> 'TERMINATED')
);
CREATE INDEX packages_starts ON packages (starts_on, id);
CREATE INDEX packages_city_id ON packages (city_id, starts_on, id);

-- What a city has coming to it of each kind: what was agreed, and where the units are now.
CREATE TABLE entitlements (
    package_id uuid NOT NULL REFERENCES packages (id),
    kind text COLLATE "C" NOT NULL,
    agreed integer NOT NULL,
    granted integer NOT NULL,
    reserved integer NOT NULL,
    consumed integer NOT NULL,
    expired integer NOT NULL,
    PRIMARY KEY (package_id, kind),
    CONSTRAINT entitlements_agreed CHECK (agreed >= 0),
    CONSTRAINT entitlements_balance CHECK (granted >= 0 AND reserved >= 0 AND consumed >= 0 AND expired >= 0 AND granted >= reserved + consumed + expired)
);

CREATE TABLE activities (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    package_id uuid REFERENCES packages (id),
    kind text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    status text COLLATE "C" NOT NULL,
    starts_on date,
    ends_on date,
    ends_at timestamptz,
    sort_on date NOT NULL,
    expert_visit_id uuid,
    study_visit_id uuid,
    host_city_id uuid,
    topic text COLLATE "C",
    submitted_at timestamptz,
    accepts_on date,
    accepted_on date,
    remark text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE INDEX activities_order ON activities (city_id, sort_on, id);
CREATE INDEX activities_expert_visit ON activities (expert_visit_id);
CREATE INDEX activities_study_visit ON activities (study_visit_id);
CREATE INDEX activities_package_id ON activities (package_id, sort_on, id);

CREATE INDEX activities_confirmed ON activities (ends_on, id) WHERE status = 'CONFIRMED';
CREATE INDEX packages_enrolled ON packages (expires_on, id) WHERE status = 'ENROLLED';
CREATE INDEX activities_accepts ON activities (accepts_on, id) WHERE status = 'SUBMITTED';

-- What a city has signed for, or has let pass in silence; taken back with a reason, never removed.
CREATE TABLE acceptances (
    id uuid NOT NULL PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES activities (id),
    delivered_on date NOT NULL,
    accepted_on date NOT NULL,
    silent boolean NOT NULL,
    revoked_on date,
    revoke_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    CONSTRAINT acceptances_revoked CHECK ((revoked_on IS NULL) = (revoke_reason IS NULL))
);
CREATE UNIQUE INDEX acceptances_one ON acceptances (activity_id) WHERE revoked_on IS NULL;
CREATE INDEX acceptances_activity_id ON acceptances (activity_id, id);

CREATE TABLE activity_documents (
    id uuid NOT NULL PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES activities (id),
    file_id uuid NOT NULL REFERENCES files (id),
    kind text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX activity_documents_activity_id ON activity_documents (activity_id, id);
CREATE INDEX activity_documents_file_id ON activity_documents (file_id);

CREATE TABLE activity_participants (
    id uuid NOT NULL PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES activities (id),
    position integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    organisation text COLLATE "C",
    decision_maker boolean NOT NULL,
    attended boolean NOT NULL
);
CREATE UNIQUE INDEX activity_participants_position ON activity_participants (activity_id, position);

-- Changes of a contract that a second person approves.
CREATE TABLE package_amendments (
    id uuid NOT NULL PRIMARY KEY,
    package_id uuid NOT NULL REFERENCES packages (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    kind text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    from_kind text COLLATE "C",
    from_units integer,
    to_kind text COLLATE "C",
    to_units integer,
    pause_from date,
    pause_until date,
    months integer,
    proposed_by uuid,
    decided_by uuid,
    decided_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT package_amendments_pause CHECK (pause_until IS NULL OR pause_until > pause_from)
);
CREATE INDEX package_amendments_package_id ON package_amendments (package_id, created_at, id);
CREATE INDEX package_amendments_city_id ON package_amendments (city_id);
CREATE INDEX package_amendments_proposed ON package_amendments (created_at, id) WHERE status = 'PROPOSED';

-- The units of a package, told as what happened to them. The balances are carried by the database.
CREATE TABLE entitlement_entries (
    id uuid NOT NULL PRIMARY KEY,
    package_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    entry text COLLATE "C" NOT NULL,
    units integer NOT NULL,
    activity_id uuid REFERENCES activities (id),
    acceptance_id uuid REFERENCES acceptances (id),
    amendment_id uuid REFERENCES package_amendments (id),
    reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    FOREIGN KEY (package_id, kind) REFERENCES entitlements (package_id, kind),
    CONSTRAINT entitlement_entries_units CHECK (units <> 0 AND (units > 0 OR entry IN ('CONSUME', 'ADJUST'))),
    CONSTRAINT entitlement_entries_activity CHECK (entry NOT IN ('RESERVE', 'RELEASE', 'CONSUME') OR (activity_id IS NOT NULL AND units IN (1, -1))),
    CONSTRAINT entitlement_entries_acceptance CHECK ((entry = 'CONSUME') = (acceptance_id IS NOT NULL)),
    CONSTRAINT entitlement_entries_amendment CHECK ((entry = 'ADJUST') = (amendment_id IS NOT NULL))
);
-- An acceptance consumes once, and is taken back once.
CREATE UNIQUE INDEX entitlement_entries_acceptance_id ON entitlement_entries (acceptance_id, units) WHERE acceptance_id IS NOT NULL;
CREATE INDEX entitlement_entries_package_id ON entitlement_entries (package_id, kind, id);
CREATE INDEX entitlement_entries_activity_id ON entitlement_entries (activity_id);
CREATE INDEX entitlement_entries_amendment_id ON entitlement_entries (amendment_id);
CREATE FUNCTION carry_entitlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE entitlements SET
        granted = granted + CASE WHEN NEW.entry IN ('GRANT', 'ADJUST') THEN NEW.units ELSE 0 END,
        reserved = reserved + CASE WHEN NEW.entry = 'RESERVE' THEN NEW.units
            WHEN NEW.entry IN ('RELEASE', 'CONSUME') THEN -NEW.units ELSE 0 END,
        consumed = consumed + CASE WHEN NEW.entry = 'CONSUME' THEN NEW.units ELSE 0 END,
        expired = expired + CASE WHEN NEW.entry = 'EXPIRE' THEN NEW.units ELSE 0 END
    WHERE package_id = NEW.package_id AND kind = NEW.kind;
    RETURN NEW;
END $$;
CREATE TRIGGER entitlement_entries_carried AFTER INSERT ON entitlement_entries
    FOR EACH ROW EXECUTE FUNCTION carry_entitlement();
CREATE TRIGGER entitlement_entries_no_update BEFORE UPDATE ON entitlement_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlement_entries_no_delete BEFORE DELETE ON entitlement_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE practices (
    id uuid NOT NULL PRIMARY KEY,
    slug text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    city_id uuid REFERENCES cities (id),
    country text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    edition integer NOT NULL,
    areas jsonb NOT NULL,
    steps jsonb NOT NULL,
    indicators jsonb NOT NULL,
    content jsonb NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    published_on date NOT NULL,
    review_on date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX practices_slug ON practices (slug);
CREATE INDEX practices_sort ON practices (sort_key, id);
CREATE INDEX practices_city_id ON practices (city_id, sort_key, id);
