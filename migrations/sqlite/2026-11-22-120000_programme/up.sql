CREATE TABLE packages (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    covers_annual_fee INTEGER NOT NULL CHECK (covers_annual_fee IN (0, 1)),
    instalments INTEGER NOT NULL,
    terminated_on TEXT,
    expires_on TEXT NOT NULL,
    different_hosts INTEGER NOT NULL CHECK (different_hosts IN (0, 1)),
    approval TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT packages_price CHECK (price_minor >= 0),
    CONSTRAINT packages_period CHECK (ends_on > starts_on),
    CONSTRAINT packages_expiry CHECK (expires_on >= ends_on)
) STRICT;
CREATE INDEX packages_starts ON packages (starts_on, id);
CREATE INDEX packages_city_id ON packages (city_id, starts_on, id);
CREATE TRIGGER packages_overlap_insert BEFORE INSERT ON packages WHEN NEW.status <> 'TERMINATED'
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: packages_overlap')
    WHERE EXISTS (
      SELECT 1 FROM packages o
      WHERE o.id <> NEW.id AND o.city_id = NEW.city_id
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.status <> 'TERMINATED'));
END;
CREATE TRIGGER packages_overlap_update BEFORE UPDATE ON packages WHEN NEW.status <> 'TERMINATED'
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: packages_overlap')
    WHERE EXISTS (
      SELECT 1 FROM packages o
      WHERE o.id <> NEW.id AND o.city_id = NEW.city_id
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.status <> 'TERMINATED'));
END;

-- What a city has coming to it of each kind: what was agreed, and where the units are now.
CREATE TABLE entitlements (
    package_id BLOB NOT NULL REFERENCES packages (id),
    kind TEXT NOT NULL,
    agreed INTEGER NOT NULL,
    granted INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    consumed INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    PRIMARY KEY (package_id, kind),
    CONSTRAINT entitlements_agreed CHECK (agreed >= 0),
    CONSTRAINT entitlements_balance CHECK (granted >= 0 AND reserved >= 0 AND consumed >= 0 AND expired >= 0 AND granted >= reserved + consumed + expired)
) STRICT;

CREATE TABLE activities (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    package_id BLOB REFERENCES packages (id),
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    status TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    ends_at INTEGER,
    sort_on TEXT NOT NULL,
    expert_visit_id BLOB,
    study_visit_id BLOB,
    host_city_id BLOB,
    topic TEXT,
    submitted_at INTEGER,
    accepts_on TEXT,
    accepted_on TEXT,
    remark TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX activities_order ON activities (city_id, sort_on, id);
CREATE INDEX activities_expert_visit ON activities (expert_visit_id);
CREATE INDEX activities_study_visit ON activities (study_visit_id);
CREATE INDEX activities_package_id ON activities (package_id, sort_on, id);

CREATE INDEX activities_confirmed ON activities (ends_on, id) WHERE status = 'CONFIRMED';
CREATE INDEX packages_enrolled ON packages (expires_on, id) WHERE status = 'ENROLLED';
CREATE INDEX activities_accepts ON activities (accepts_on, id) WHERE status = 'SUBMITTED';

-- What a city has signed for, or has let pass in silence; taken back with a reason, never removed.
CREATE TABLE acceptances (
    id BLOB NOT NULL PRIMARY KEY,
    activity_id BLOB NOT NULL REFERENCES activities (id),
    delivered_on TEXT NOT NULL,
    accepted_on TEXT NOT NULL,
    silent INTEGER NOT NULL CHECK (silent IN (0, 1)),
    revoked_on TEXT,
    revoke_reason TEXT,
    created_at INTEGER NOT NULL,
    CONSTRAINT acceptances_revoked CHECK ((revoked_on IS NULL) = (revoke_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX acceptances_one ON acceptances (activity_id) WHERE revoked_on IS NULL;
CREATE INDEX acceptances_activity_id ON acceptances (activity_id, id);

CREATE TABLE activity_documents (
    id BLOB NOT NULL PRIMARY KEY,
    activity_id BLOB NOT NULL REFERENCES activities (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_documents_activity_id ON activity_documents (activity_id, id);
CREATE INDEX activity_documents_file_id ON activity_documents (file_id);

CREATE TABLE activity_participants (
    id BLOB NOT NULL PRIMARY KEY,
    activity_id BLOB NOT NULL REFERENCES activities (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    organisation TEXT,
    decision_maker INTEGER NOT NULL CHECK (decision_maker IN (0, 1)),
    attended INTEGER NOT NULL CHECK (attended IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX activity_participants_position ON activity_participants (activity_id, position);

-- Changes of a contract that a second person approves.
CREATE TABLE package_amendments (
    id BLOB NOT NULL PRIMARY KEY,
    package_id BLOB NOT NULL REFERENCES packages (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    from_kind TEXT,
    from_units INTEGER,
    to_kind TEXT,
    to_units INTEGER,
    pause_from TEXT,
    pause_until TEXT,
    months INTEGER,
    proposed_by BLOB,
    decided_by BLOB,
    decided_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT package_amendments_pause CHECK (pause_until IS NULL OR pause_until > pause_from)
) STRICT;
CREATE INDEX package_amendments_package_id ON package_amendments (package_id, created_at, id);
CREATE INDEX package_amendments_city_id ON package_amendments (city_id);
CREATE INDEX package_amendments_proposed ON package_amendments (created_at, id) WHERE status = 'PROPOSED';

-- The units of a package, told as what happened to them. The balances are carried by the database.
CREATE TABLE entitlement_entries (
    id BLOB NOT NULL PRIMARY KEY,
    package_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    entry TEXT NOT NULL,
    units INTEGER NOT NULL,
    activity_id BLOB REFERENCES activities (id),
    acceptance_id BLOB REFERENCES acceptances (id),
    amendment_id BLOB REFERENCES package_amendments (id),
    reason TEXT,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (package_id, kind) REFERENCES entitlements (package_id, kind),
    CONSTRAINT entitlement_entries_units CHECK (units <> 0 AND (units > 0 OR entry IN ('CONSUME', 'ADJUST'))),
    CONSTRAINT entitlement_entries_activity CHECK (entry NOT IN ('RESERVE', 'RELEASE', 'CONSUME') OR (activity_id IS NOT NULL AND units IN (1, -1))),
    CONSTRAINT entitlement_entries_acceptance CHECK ((entry = 'CONSUME') = (acceptance_id IS NOT NULL)),
    CONSTRAINT entitlement_entries_amendment CHECK ((entry = 'ADJUST') = (amendment_id IS NOT NULL))
) STRICT;
-- An acceptance consumes once, and is taken back once.
CREATE UNIQUE INDEX entitlement_entries_acceptance_id ON entitlement_entries (acceptance_id, units) WHERE acceptance_id IS NOT NULL;
CREATE INDEX entitlement_entries_package_id ON entitlement_entries (package_id, kind, id);
CREATE INDEX entitlement_entries_activity_id ON entitlement_entries (activity_id);
CREATE INDEX entitlement_entries_amendment_id ON entitlement_entries (amendment_id);
CREATE TRIGGER entitlement_entries_carried AFTER INSERT ON entitlement_entries
BEGIN
    UPDATE entitlements SET
        granted = granted + CASE WHEN NEW.entry IN ('GRANT', 'ADJUST') THEN NEW.units ELSE 0 END,
        reserved = reserved + CASE WHEN NEW.entry = 'RESERVE' THEN NEW.units
            WHEN NEW.entry IN ('RELEASE', 'CONSUME') THEN -NEW.units ELSE 0 END,
        consumed = consumed + CASE WHEN NEW.entry = 'CONSUME' THEN NEW.units ELSE 0 END,
        expired = expired + CASE WHEN NEW.entry = 'EXPIRE' THEN NEW.units ELSE 0 END
    WHERE package_id = NEW.package_id AND kind = NEW.kind;
END;
CREATE TRIGGER entitlement_entries_once BEFORE INSERT ON entitlement_entries
WHEN EXISTS (SELECT 1 FROM entitlement_entries WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: entitlement_entries');
END;
CREATE TRIGGER entitlement_entries_no_update BEFORE UPDATE ON entitlement_entries
BEGIN
    SELECT RAISE(ABORT, 'append only: entitlement_entries');
END;
CREATE TRIGGER entitlement_entries_no_delete BEFORE DELETE ON entitlement_entries
BEGIN
    SELECT RAISE(ABORT, 'append only: entitlement_entries');
END;

CREATE TABLE practices (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    origin TEXT NOT NULL,
    city_id BLOB REFERENCES cities (id),
    country TEXT NOT NULL,
    status TEXT NOT NULL,
    edition INTEGER NOT NULL,
    areas TEXT NOT NULL,
    steps TEXT NOT NULL,
    indicators TEXT NOT NULL,
    content TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    published_on TEXT NOT NULL,
    review_on TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX practices_slug ON practices (slug);
CREATE INDEX practices_sort ON practices (sort_key, id);
CREATE INDEX practices_city_id ON practices (city_id, sort_key, id);
