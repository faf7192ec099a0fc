CREATE TABLE expert_visits (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    package_id uuid REFERENCES packages (id),
    theme text COLLATE "C" NOT NULL,
    starts_on date NOT NULL,
    starts_month bigint NOT NULL,
    ends_on date NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    ends_at timestamptz NOT NULL,
    status text COLLATE "C" NOT NULL,
    cancelled_on date,
    cancel_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT expert_visits_period CHECK (ends_on > starts_on),
    CONSTRAINT expert_visits_month CHECK (starts_month = EXTRACT(YEAR FROM starts_on) * 12 + EXTRACT(MONTH FROM starts_on))
);
CREATE INDEX expert_visits_city ON expert_visits (city_id, starts_on, id);
CREATE INDEX expert_visits_starts ON expert_visits (starts_on, id);
-- The public may know the month, so its lists are ordered by that.
CREATE INDEX expert_visits_month ON expert_visits (starts_month, id);
CREATE INDEX expert_visits_planned ON expert_visits (created_at, id) WHERE status = 'PLANNED';
CREATE INDEX expert_visits_package_id ON expert_visits (package_id);

CREATE TABLE expert_visit_team (
    visit_id uuid NOT NULL REFERENCES expert_visits (id),
    expert_id uuid NOT NULL REFERENCES experts (id),
    PRIMARY KEY (visit_id, expert_id)
);
CREATE INDEX expert_visit_team_expert_id ON expert_visit_team (expert_id);

CREATE TABLE expert_bookings (
    id uuid NOT NULL PRIMARY KEY,
    expert_id uuid NOT NULL REFERENCES experts (id),
    visit_id uuid REFERENCES expert_visits (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    travel_from date NOT NULL,
    travel_until date NOT NULL,
    held_until timestamptz,
    CONSTRAINT expert_bookings_period CHECK (ends_at > starts_at AND travel_until > travel_from)
);
CREATE INDEX expert_bookings_starts ON expert_bookings (expert_id, starts_at);
CREATE INDEX expert_bookings_visit_id ON expert_bookings (visit_id);
CREATE INDEX expert_bookings_city_id ON expert_bookings (city_id);

CREATE TABLE study_visits (
    id uuid NOT NULL PRIMARY KEY,
    host_city_id uuid NOT NULL REFERENCES cities (id),
    theme text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    starts_on date NOT NULL,
    starts_month bigint NOT NULL,
    ends_on date NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    ends_at timestamptz NOT NULL,
    capacity integer NOT NULL,
    places_taken integer NOT NULL,
    status text COLLATE "C" NOT NULL,
    cancelled_on date,
    cancel_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT study_visits_period CHECK (ends_on > starts_on),
    CONSTRAINT study_visits_month CHECK (starts_month = EXTRACT(YEAR FROM starts_on) * 12 + EXTRACT(MONTH FROM starts_on)),
    CONSTRAINT study_visits_capacity CHECK (places_taken >= 0 AND places_taken <= capacity)
);
CREATE INDEX study_visits_host ON study_visits (host_city_id, starts_on, id);
CREATE INDEX study_visits_starts ON study_visits (starts_on, id);
-- The public may know the month, so its lists are ordered by that.
CREATE INDEX study_visits_month ON study_visits (starts_month, id);

CREATE TABLE study_visit_places (
    id uuid NOT NULL PRIMARY KEY,
    visit_id uuid NOT NULL REFERENCES study_visits (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    package_id uuid REFERENCES packages (id),
    delegate_name text COLLATE "C",
    seats integer NOT NULL,
    status text COLLATE "C" NOT NULL,
    joined_at timestamptz NOT NULL,
    left_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT study_visit_places_seats CHECK (seats > 0)
);
CREATE INDEX study_visit_places_city ON study_visit_places (city_id, joined_at, id);
CREATE INDEX study_visit_places_visit ON study_visit_places (visit_id, joined_at, id);
CREATE INDEX study_visit_places_package_id ON study_visit_places (package_id);

-- An expert is never in two places: visits of one expert never overlap, and between two cities
-- lies a whole free day by their local dates. travel_until is the day after that free day, so the
-- days of a later visit in another city begin on it at the earliest.
ALTER TABLE expert_bookings ADD CONSTRAINT expert_bookings_overlap
    EXCLUDE USING gist (expert_id WITH =, tstzrange(starts_at, ends_at) WITH &&);
ALTER TABLE expert_bookings ADD CONSTRAINT expert_bookings_travel
    EXCLUDE USING gist (expert_id WITH =, city_id WITH <>, daterange(travel_from, travel_until) WITH &&);
CREATE UNIQUE INDEX study_visit_places_once ON study_visit_places (visit_id, city_id)
    WHERE left_at IS NULL;
