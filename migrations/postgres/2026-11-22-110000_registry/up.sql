CREATE TABLE networks (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    country text COLLATE "C",
    name_en text COLLATE "C" NOT NULL,
    name_da text COLLATE "C" NOT NULL,
    local_name text COLLATE "C",
    abbreviation text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX networks_code ON networks (code);

CREATE TABLE rounds (
    id uuid NOT NULL PRIMARY KEY,
    network_id uuid NOT NULL REFERENCES networks (id),
    number integer NOT NULL,
    name_en text COLLATE "C" NOT NULL,
    name_da text COLLATE "C" NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    expected_cities integer
);
CREATE UNIQUE INDEX rounds_number ON rounds (network_id, number);

CREATE TABLE cities (
    id uuid NOT NULL PRIMARY KEY,
    country text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    population bigint,
    population_year integer,
    population_source text COLLATE "C",
    latitude double precision,
    longitude double precision,
    time_zone text COLLATE "C" NOT NULL,
    cvr text COLLATE "C",
    gln text COLLATE "C",
    geonames_id bigint,
    invoice_name text COLLATE "C",
    invoice_street text COLLATE "C",
    invoice_postal_code text COLLATE "C",
    invoice_town text COLLATE "C",
    invoice_email text COLLATE "C",
    order_reference text COLLATE "C",
    successor_id uuid REFERENCES cities (id),
    succeeded_on date,
    public_since date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
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
    city_id uuid NOT NULL REFERENCES cities (id),
    language text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    PRIMARY KEY (city_id, language)
);

CREATE TABLE memberships (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    network_id uuid NOT NULL REFERENCES networks (id),
    round_id uuid REFERENCES rounds (id),
    number integer NOT NULL,
    statement_of_intent_on date,
    decision_on date,
    agreement_on date,
    fee_waived boolean NOT NULL,
    starts_on date,
    ends_on date,
    end_reason text COLLATE "C",
    note text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT memberships_overlap EXCLUDE USING gist (city_id WITH =, network_id WITH =, daterange(starts_on, ends_on) WITH &&) WHERE (starts_on IS NOT NULL AND (ends_on IS NULL OR ends_on > starts_on))
);
CREATE UNIQUE INDEX memberships_number ON memberships (city_id, network_id, number);
CREATE INDEX memberships_starts ON memberships (starts_on, id);
CREATE INDEX memberships_updated ON memberships (updated_at, id);
CREATE INDEX memberships_network_id ON memberships (network_id);
CREATE INDEX memberships_round_id ON memberships (round_id);

CREATE TABLE membership_events (
    id uuid NOT NULL PRIMARY KEY,
    membership_id uuid NOT NULL REFERENCES memberships (id),
    kind text COLLATE "C" NOT NULL,
    effective_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid,
    note text COLLATE "C",
    document_id uuid REFERENCES files (id)
);
CREATE INDEX membership_events_order ON membership_events (membership_id, effective_on, id);
CREATE INDEX membership_events_document_id ON membership_events (document_id);
CREATE TRIGGER membership_events_no_update BEFORE UPDATE ON membership_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER membership_events_no_delete BEFORE DELETE ON membership_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE membership_spans (
    membership_id uuid NOT NULL REFERENCES memberships (id),
    starts_on date NOT NULL,
    ends_on date,
    city_id uuid NOT NULL REFERENCES cities (id),
    network_id uuid NOT NULL REFERENCES networks (id),
    status text COLLATE "C" NOT NULL,
    PRIMARY KEY (membership_id, starts_on)
);
CREATE INDEX membership_spans_city ON membership_spans (city_id, network_id, starts_on);
CREATE INDEX membership_spans_status ON membership_spans (status, starts_on, city_id);
CREATE INDEX membership_spans_network_id ON membership_spans (network_id);

CREATE TABLE city_standings (
    city_id uuid NOT NULL REFERENCES cities (id),
    network_id uuid NOT NULL REFERENCES networks (id),
    starts_on date NOT NULL,
    ends_on date,
    membership_id uuid NOT NULL REFERENCES memberships (id),
    status text COLLATE "C" NOT NULL,
    public_status text COLLATE "C",
    PRIMARY KEY (city_id, network_id, starts_on)
);
CREATE INDEX city_standings_status ON city_standings (status, starts_on, city_id);
CREATE INDEX city_standings_public_status ON city_standings (public_status, starts_on, city_id);
CREATE INDEX city_standings_network_id ON city_standings (network_id);
CREATE INDEX city_standings_membership_id ON city_standings (membership_id);

CREATE TABLE people (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    email_key text COLLATE "C",
    phone text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    organisation text COLLATE "C",
    city_id uuid REFERENCES cities (id),
    language text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX people_email ON people (email_key);
CREATE INDEX people_sort ON people (sort_key, id);
CREATE INDEX people_city_id ON people (city_id);
CREATE INDEX people_updated ON people (updated_at, id);

CREATE TABLE appointments (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    person_id uuid NOT NULL REFERENCES people (id),
    role text COLLATE "C" NOT NULL,
    fte_percent integer NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    office text COLLATE "C",
    name_withheld boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT appointments_fte CHECK (fte_percent BETWEEN 1 AND 100),
    CONSTRAINT appointments_period CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CONSTRAINT appointments_overlap EXCLUDE USING gist (city_id WITH =, role WITH =, daterange(starts_on, ends_on) WITH &&)
);
CREATE INDEX appointments_order ON appointments (city_id, role, starts_on);
CREATE INDEX appointments_starts ON appointments (starts_on, id);
CREATE INDEX appointments_updated ON appointments (updated_at, id);
CREATE INDEX appointments_person_id ON appointments (person_id);

CREATE TABLE partners (
    id uuid NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    country text COLLATE "C",
    website text COLLATE "C",
    email text COLLATE "C",
    description text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX partners_name ON partners (name_key);
CREATE INDEX partners_sort ON partners (sort_key, id);
CREATE INDEX partners_updated ON partners (updated_at, id);

CREATE TABLE experts (
    id uuid NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    kind text COLLATE "C" NOT NULL,
    languages jsonb NOT NULL,
    policy_areas jsonb NOT NULL,
    organisation text COLLATE "C",
    home_city_id uuid REFERENCES cities (id),
    available_from date,
    available_until date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX experts_person ON experts (person_id);
CREATE INDEX experts_updated ON experts (updated_at, id);
CREATE INDEX experts_home_city_id ON experts (home_city_id);
