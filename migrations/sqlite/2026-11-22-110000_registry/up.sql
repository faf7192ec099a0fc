CREATE TABLE networks (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    country TEXT,
    name_en TEXT NOT NULL,
    name_da TEXT NOT NULL,
    local_name TEXT,
    abbreviation TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX networks_code ON networks (code);

CREATE TABLE rounds (
    id BLOB NOT NULL PRIMARY KEY,
    network_id BLOB NOT NULL REFERENCES networks (id),
    number INTEGER NOT NULL,
    name_en TEXT NOT NULL,
    name_da TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    expected_cities INTEGER
) STRICT;
CREATE UNIQUE INDEX rounds_number ON rounds (network_id, number);

CREATE TABLE cities (
    id BLOB NOT NULL PRIMARY KEY,
    country TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    population INTEGER,
    population_year INTEGER,
    population_source TEXT,
    latitude REAL,
    longitude REAL,
    time_zone TEXT NOT NULL,
    cvr TEXT,
    gln TEXT,
    geonames_id INTEGER,
    invoice_name TEXT,
    invoice_street TEXT,
    invoice_postal_code TEXT,
    invoice_town TEXT,
    invoice_email TEXT,
    order_reference TEXT,
    successor_id BLOB REFERENCES cities (id),
    succeeded_on TEXT,
    public_since TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX cities_country_name ON cities (country, name_key);
CREATE UNIQUE INDEX cities_cvr ON cities (cvr);
CREATE UNIQUE INDEX cities_gln ON cities (gln);
CREATE UNIQUE INDEX cities_geonames_id ON cities (geonames_id);
CREATE INDEX cities_sort ON cities (sort_key, id);
CREATE INDEX cities_country_sort ON cities (country, sort_key, id);
CREATE INDEX cities_updated ON cities (updated_at, id);
CREATE INDEX cities_population ON cities (population, id);
CREATE INDEX cities_successor_id ON cities (successor_id);

CREATE TABLE city_names (
    city_id BLOB NOT NULL REFERENCES cities (id),
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    search_key TEXT NOT NULL,
    PRIMARY KEY (city_id, language)
) STRICT;

CREATE TABLE memberships (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    network_id BLOB NOT NULL REFERENCES networks (id),
    round_id BLOB REFERENCES rounds (id),
    number INTEGER NOT NULL,
    statement_of_intent_on TEXT,
    decision_on TEXT,
    agreement_on TEXT,
    fee_waived INTEGER NOT NULL CHECK (fee_waived IN (0, 1)),
    starts_on TEXT,
    ends_on TEXT,
    end_reason TEXT,
    note TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX memberships_number ON memberships (city_id, network_id, number);
CREATE INDEX memberships_starts ON memberships (starts_on, id);
CREATE INDEX memberships_updated ON memberships (updated_at, id);
CREATE INDEX memberships_network_id ON memberships (network_id);
CREATE INDEX memberships_round_id ON memberships (round_id);
CREATE TRIGGER memberships_overlap_insert BEFORE INSERT ON memberships WHEN NEW.starts_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on)
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: memberships_overlap')
    WHERE EXISTS (
      SELECT 1 FROM memberships o
      WHERE o.id <> NEW.id AND o.city_id = NEW.city_id AND o.network_id = NEW.network_id
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.starts_on IS NOT NULL AND (o.ends_on IS NULL OR o.ends_on > o.starts_on)));
END;
CREATE TRIGGER memberships_overlap_update BEFORE UPDATE ON memberships WHEN NEW.starts_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on)
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: memberships_overlap')
    WHERE EXISTS (
      SELECT 1 FROM memberships o
      WHERE o.id <> NEW.id AND o.city_id = NEW.city_id AND o.network_id = NEW.network_id
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.starts_on IS NOT NULL AND (o.ends_on IS NULL OR o.ends_on > o.starts_on)));
END;

CREATE TABLE membership_events (
    id BLOB NOT NULL PRIMARY KEY,
    membership_id BLOB NOT NULL REFERENCES memberships (id),
    kind TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB,
    note TEXT,
    document_id BLOB REFERENCES files (id)
) STRICT;
CREATE INDEX membership_events_order ON membership_events (membership_id, effective_on, id);
CREATE INDEX membership_events_document_id ON membership_events (document_id);
CREATE TRIGGER membership_events_no_update BEFORE UPDATE ON membership_events
BEGIN
    SELECT RAISE(ABORT, 'append only: membership_events');
END;
CREATE TRIGGER membership_events_no_delete BEFORE DELETE ON membership_events
BEGIN
    SELECT RAISE(ABORT, 'append only: membership_events');
END;
CREATE TRIGGER membership_events_no_replace BEFORE INSERT ON membership_events
WHEN EXISTS (SELECT 1 FROM membership_events WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: membership_events');
END;

CREATE TABLE membership_spans (
    membership_id BLOB NOT NULL REFERENCES memberships (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    city_id BLOB NOT NULL REFERENCES cities (id),
    network_id BLOB NOT NULL REFERENCES networks (id),
    status TEXT NOT NULL,
    PRIMARY KEY (membership_id, starts_on)
) STRICT;
CREATE INDEX membership_spans_city ON membership_spans (city_id, network_id, starts_on);
CREATE INDEX membership_spans_status ON membership_spans (status, starts_on, city_id);
CREATE INDEX membership_spans_network_id ON membership_spans (network_id);

CREATE TABLE city_standings (
    city_id BLOB NOT NULL REFERENCES cities (id),
    network_id BLOB NOT NULL REFERENCES networks (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    membership_id BLOB NOT NULL REFERENCES memberships (id),
    status TEXT NOT NULL,
    public_status TEXT,
    PRIMARY KEY (city_id, network_id, starts_on)
) STRICT;
CREATE INDEX city_standings_status ON city_standings (status, starts_on, city_id);
CREATE INDEX city_standings_public_status ON city_standings (public_status, starts_on, city_id);
CREATE INDEX city_standings_network_id ON city_standings (network_id);
CREATE INDEX city_standings_membership_id ON city_standings (membership_id);

CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    phone TEXT,
    kind TEXT NOT NULL,
    organisation TEXT,
    city_id BLOB REFERENCES cities (id),
    language TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX people_email ON people (email_key);
CREATE INDEX people_sort ON people (sort_key, id);
CREATE INDEX people_city_id ON people (city_id);
CREATE INDEX people_updated ON people (updated_at, id);

CREATE TABLE appointments (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    fte_percent INTEGER NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    office TEXT,
    name_withheld INTEGER NOT NULL CHECK (name_withheld IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT appointments_fte CHECK (fte_percent BETWEEN 1 AND 100),
    CONSTRAINT appointments_period CHECK (ends_on IS NULL OR ends_on >= starts_on)
) STRICT;
CREATE INDEX appointments_order ON appointments (city_id, role, starts_on);
CREATE INDEX appointments_starts ON appointments (starts_on, id);
CREATE INDEX appointments_updated ON appointments (updated_at, id);
CREATE INDEX appointments_person_id ON appointments (person_id);
CREATE TRIGGER appointments_overlap_insert BEFORE INSERT ON appointments WHEN NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: appointments_overlap')
    WHERE EXISTS (
      SELECT 1 FROM appointments o
      WHERE o.id <> NEW.id AND o.city_id = NEW.city_id AND o.role = NEW.role
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.ends_on IS NULL OR o.ends_on > o.starts_on));
END;
CREATE TRIGGER appointments_overlap_update BEFORE UPDATE ON appointments WHEN NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: appointments_overlap')
    WHERE EXISTS (
      SELECT 1 FROM appointments o
      WHERE o.id <> NEW.id AND o.city_id = NEW.city_id AND o.role = NEW.role
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.ends_on IS NULL OR o.ends_on > o.starts_on));
END;

CREATE TABLE partners (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    country TEXT,
    website TEXT,
    email TEXT,
    description TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX partners_name ON partners (name_key);
CREATE INDEX partners_sort ON partners (sort_key, id);
CREATE INDEX partners_updated ON partners (updated_at, id);

CREATE TABLE experts (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    languages TEXT NOT NULL,
    policy_areas TEXT NOT NULL,
    organisation TEXT,
    home_city_id BLOB REFERENCES cities (id),
    available_from TEXT,
    available_until TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX experts_person ON experts (person_id);
CREATE INDEX experts_updated ON experts (updated_at, id);
CREATE INDEX experts_home_city_id ON experts (home_city_id);
