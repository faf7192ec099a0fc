CREATE TABLE mentor_pairings (
    id uuid NOT NULL PRIMARY KEY,
    mentor_city_id uuid NOT NULL REFERENCES cities (id),
    mentee_city_id uuid NOT NULL REFERENCES cities (id),
    low_city_id uuid NOT NULL,
    high_city_id uuid NOT NULL,
    mutual boolean NOT NULL,
    status text COLLATE "C" NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    goals text COLLATE "C",
    mentor_consent_at timestamptz,
    mentor_consent_by uuid,
    mentee_consent_at timestamptz,
    mentee_consent_by uuid,
    ended_on date,
    end_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT mentor_pairings_not_self CHECK (mentor_city_id <> mentee_city_id),
    CONSTRAINT mentor_pairings_period CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CONSTRAINT mentor_pairings_low CHECK (low_city_id < high_city_id),
    CONSTRAINT mentor_pairings_overlap EXCLUDE USING gist (low_city_id WITH =, high_city_id WITH =, daterange(starts_on, ends_on) WITH &&) WHERE (mutual AND (ends_on IS NULL OR ends_on > starts_on))
);
CREATE INDEX mentor_pairings_starts ON mentor_pairings (starts_on, id);
CREATE INDEX mentor_pairings_mentor_city_id ON mentor_pairings (mentor_city_id);
CREATE INDEX mentor_pairings_mentee_city_id ON mentor_pairings (mentee_city_id);

CREATE TABLE pairing_legs (
    id uuid NOT NULL PRIMARY KEY,
    pairing_id uuid NOT NULL REFERENCES mentor_pairings (id),
    mentor_city_id uuid NOT NULL REFERENCES cities (id),
    mentee_city_id uuid NOT NULL REFERENCES cities (id),
    area text COLLATE "C" NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    CONSTRAINT pairing_legs_not_self CHECK (mentor_city_id <> mentee_city_id),
    CONSTRAINT pairing_legs_overlap EXCLUDE USING gist (mentor_city_id WITH =, mentee_city_id WITH =, area WITH =, daterange(starts_on, ends_on) WITH &&) WHERE (ends_on IS NULL OR ends_on > starts_on)
);
CREATE INDEX pairing_legs_pairing_id ON pairing_legs (pairing_id);
CREATE INDEX pairing_legs_mentor_city_id ON pairing_legs (mentor_city_id);
CREATE INDEX pairing_legs_mentee_city_id ON pairing_legs (mentee_city_id);
