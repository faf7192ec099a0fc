CREATE TABLE expert_visits (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    package_id BLOB REFERENCES packages (id),
    theme TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    starts_month INTEGER NOT NULL,
    ends_on TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    cancelled_on TEXT,
    cancel_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT expert_visits_period CHECK (ends_on > starts_on),
    CONSTRAINT expert_visits_month CHECK (starts_month = CAST(substr(starts_on, 1, 4) AS INTEGER) * 12 + CAST(substr(starts_on, 6, 2) AS INTEGER))
) STRICT;
CREATE INDEX expert_visits_city ON expert_visits (city_id, starts_on, id);
CREATE INDEX expert_visits_starts ON expert_visits (starts_on, id);
-- The public may know the month, so its lists are ordered by that.
CREATE INDEX expert_visits_month ON expert_visits (starts_month, id);
CREATE INDEX expert_visits_planned ON expert_visits (created_at, id) WHERE status = 'PLANNED';
CREATE INDEX expert_visits_package_id ON expert_visits (package_id);

CREATE TABLE expert_visit_team (
    visit_id BLOB NOT NULL REFERENCES expert_visits (id),
    expert_id BLOB NOT NULL REFERENCES experts (id),
    PRIMARY KEY (visit_id, expert_id)
) STRICT;
CREATE INDEX expert_visit_team_expert_id ON expert_visit_team (expert_id);

CREATE TABLE expert_bookings (
    id BLOB NOT NULL PRIMARY KEY,
    expert_id BLOB NOT NULL REFERENCES experts (id),
    visit_id BLOB REFERENCES expert_visits (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    travel_from TEXT NOT NULL,
    travel_until TEXT NOT NULL,
    held_until INTEGER,
    CONSTRAINT expert_bookings_period CHECK (ends_at > starts_at AND travel_until > travel_from)
) STRICT;
CREATE INDEX expert_bookings_starts ON expert_bookings (expert_id, starts_at);
CREATE INDEX expert_bookings_visit_id ON expert_bookings (visit_id);
CREATE INDEX expert_bookings_city_id ON expert_bookings (city_id);

CREATE TABLE study_visits (
    id BLOB NOT NULL PRIMARY KEY,
    host_city_id BLOB NOT NULL REFERENCES cities (id),
    theme TEXT NOT NULL,
    description TEXT,
    starts_on TEXT NOT NULL,
    starts_month INTEGER NOT NULL,
    ends_on TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    places_taken INTEGER NOT NULL,
    status TEXT NOT NULL,
    cancelled_on TEXT,
    cancel_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT study_visits_period CHECK (ends_on > starts_on),
    CONSTRAINT study_visits_month CHECK (starts_month = CAST(substr(starts_on, 1, 4) AS INTEGER) * 12 + CAST(substr(starts_on, 6, 2) AS INTEGER)),
    CONSTRAINT study_visits_capacity CHECK (places_taken >= 0 AND places_taken <= capacity)
) STRICT;
CREATE INDEX study_visits_host ON study_visits (host_city_id, starts_on, id);
CREATE INDEX study_visits_starts ON study_visits (starts_on, id);
-- The public may know the month, so its lists are ordered by that.
CREATE INDEX study_visits_month ON study_visits (starts_month, id);

CREATE TABLE study_visit_places (
    id BLOB NOT NULL PRIMARY KEY,
    visit_id BLOB NOT NULL REFERENCES study_visits (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    package_id BLOB REFERENCES packages (id),
    delegate_name TEXT,
    seats INTEGER NOT NULL,
    status TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    created_at INTEGER NOT NULL,
    CONSTRAINT study_visit_places_seats CHECK (seats > 0)
) STRICT;
CREATE INDEX study_visit_places_city ON study_visit_places (city_id, joined_at, id);
CREATE INDEX study_visit_places_visit ON study_visit_places (visit_id, joined_at, id);
CREATE INDEX study_visit_places_package_id ON study_visit_places (package_id);

-- An expert is never in two places: visits of one expert never overlap, and between two cities
-- lies a whole free day by their local dates. travel_until is the day after that free day, so the
-- days of a later visit in another city begin on it at the earliest.
CREATE TRIGGER expert_bookings_overlap_insert BEFORE INSERT ON expert_bookings
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: expert_bookings_overlap')
    WHERE EXISTS (
      SELECT 1 FROM expert_bookings o
      WHERE o.id <> NEW.id AND o.expert_id = NEW.expert_id
      AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at);
    SELECT RAISE(ABORT, 'exclusion constraint failed: expert_bookings_travel')
    WHERE EXISTS (
      SELECT 1 FROM expert_bookings o
      WHERE o.id <> NEW.id AND o.expert_id = NEW.expert_id AND o.city_id <> NEW.city_id
      AND o.travel_from < NEW.travel_until AND NEW.travel_from < o.travel_until);
END;
CREATE TRIGGER expert_bookings_overlap_update BEFORE UPDATE ON expert_bookings
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: expert_bookings_overlap')
    WHERE EXISTS (
      SELECT 1 FROM expert_bookings o
      WHERE o.id <> NEW.id AND o.expert_id = NEW.expert_id
      AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at);
    SELECT RAISE(ABORT, 'exclusion constraint failed: expert_bookings_travel')
    WHERE EXISTS (
      SELECT 1 FROM expert_bookings o
      WHERE o.id <> NEW.id AND o.expert_id = NEW.expert_id AND o.city_id <> NEW.city_id
      AND o.travel_from < NEW.travel_until AND NEW.travel_from < o.travel_until);
END;
CREATE UNIQUE INDEX study_visit_places_once ON study_visit_places (visit_id, city_id)
    WHERE left_at IS NULL;
