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
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT packages_price CHECK (price_minor >= 0),
    CONSTRAINT packages_period CHECK (ends_on > starts_on)
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

CREATE TABLE package_deliverables (
    package_id BLOB NOT NULL REFERENCES packages (id),
    kind TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (package_id, kind),
    CONSTRAINT package_deliverables_units CHECK (units > 0)
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
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX activities_order ON activities (city_id, sort_on, id);
CREATE INDEX activities_expert_visit ON activities (expert_visit_id);
CREATE INDEX activities_study_visit ON activities (study_visit_id);
CREATE INDEX activities_package_id ON activities (package_id, sort_on, id);

CREATE TABLE practices (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    city_id BLOB REFERENCES cities (id),
    city_name TEXT NOT NULL,
    country TEXT NOT NULL,
    status TEXT NOT NULL,
    year INTEGER,
    areas TEXT NOT NULL,
    steps TEXT NOT NULL,
    links_editorial INTEGER NOT NULL CHECK (links_editorial IN (0, 1)),
    figures TEXT NOT NULL,
    source TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    title_da TEXT NOT NULL,
    title_en TEXT NOT NULL,
    summary_da TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX practices_slug ON practices (slug);
CREATE INDEX practices_sort ON practices (sort_key, id);
CREATE INDEX practices_city_id ON practices (city_id, sort_key, id);
