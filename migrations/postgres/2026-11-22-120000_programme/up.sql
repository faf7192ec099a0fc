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
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT packages_price CHECK (price_minor >= 0),
    CONSTRAINT packages_period CHECK (ends_on > starts_on),
    CONSTRAINT packages_overlap EXCLUDE USING gist (city_id WITH =, daterange(starts_on, ends_on) WITH &&) WHERE (status <> 'TERMINATED')
);
CREATE INDEX packages_starts ON packages (starts_on, id);
CREATE INDEX packages_city_id ON packages (city_id, starts_on, id);

CREATE TABLE package_deliverables (
    package_id uuid NOT NULL REFERENCES packages (id),
    kind text COLLATE "C" NOT NULL,
    units integer NOT NULL,
    PRIMARY KEY (package_id, kind),
    CONSTRAINT package_deliverables_units CHECK (units > 0)
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
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE INDEX activities_order ON activities (city_id, sort_on, id);
CREATE INDEX activities_expert_visit ON activities (expert_visit_id);
CREATE INDEX activities_study_visit ON activities (study_visit_id);
CREATE INDEX activities_package_id ON activities (package_id, sort_on, id);

CREATE TABLE practices (
    id uuid NOT NULL PRIMARY KEY,
    slug text COLLATE "C" NOT NULL,
    city_id uuid REFERENCES cities (id),
    city_name text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    year integer,
    areas jsonb NOT NULL,
    steps jsonb NOT NULL,
    links_editorial boolean NOT NULL,
    figures jsonb NOT NULL,
    source jsonb NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    title_da text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    summary_da text COLLATE "C" NOT NULL,
    summary_en text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX practices_slug ON practices (slug);
CREATE INDEX practices_sort ON practices (sort_key, id);
CREATE INDEX practices_city_id ON practices (city_id, sort_key, id);
