CREATE TABLE mentor_pairings (
    id BLOB NOT NULL PRIMARY KEY,
    mentor_city_id BLOB NOT NULL REFERENCES cities (id),
    mentee_city_id BLOB NOT NULL REFERENCES cities (id),
    low_city_id BLOB NOT NULL,
    high_city_id BLOB NOT NULL,
    mutual INTEGER NOT NULL CHECK (mutual IN (0, 1)),
    status TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    goals TEXT,
    mentor_consent_at INTEGER,
    mentor_consent_by BLOB,
    mentee_consent_at INTEGER,
    mentee_consent_by BLOB,
    ended_on TEXT,
    end_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT mentor_pairings_not_self CHECK (mentor_city_id <> mentee_city_id),
    CONSTRAINT mentor_pairings_period CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CONSTRAINT mentor_pairings_low CHECK (low_city_id < high_city_id)
) STRICT;
CREATE INDEX mentor_pairings_starts ON mentor_pairings (starts_on, id);
CREATE INDEX mentor_pairings_mentor_city_id ON mentor_pairings (mentor_city_id);
CREATE INDEX mentor_pairings_mentee_city_id ON mentor_pairings (mentee_city_id);
CREATE TRIGGER mentor_pairings_overlap_insert BEFORE INSERT ON mentor_pairings WHEN NEW.mutual AND (NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on)
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: mentor_pairings_overlap')
    WHERE EXISTS (
      SELECT 1 FROM mentor_pairings o
      WHERE o.id <> NEW.id AND o.low_city_id = NEW.low_city_id AND o.high_city_id = NEW.high_city_id
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.mutual AND (o.ends_on IS NULL OR o.ends_on > o.starts_on)));
END;
CREATE TRIGGER mentor_pairings_overlap_update BEFORE UPDATE ON mentor_pairings WHEN NEW.mutual AND (NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on)
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: mentor_pairings_overlap')
    WHERE EXISTS (
      SELECT 1 FROM mentor_pairings o
      WHERE o.id <> NEW.id AND o.low_city_id = NEW.low_city_id AND o.high_city_id = NEW.high_city_id
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.mutual AND (o.ends_on IS NULL OR o.ends_on > o.starts_on)));
END;

CREATE TABLE pairing_legs (
    id BLOB NOT NULL PRIMARY KEY,
    pairing_id BLOB NOT NULL REFERENCES mentor_pairings (id),
    mentor_city_id BLOB NOT NULL REFERENCES cities (id),
    mentee_city_id BLOB NOT NULL REFERENCES cities (id),
    area TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    CONSTRAINT pairing_legs_not_self CHECK (mentor_city_id <> mentee_city_id)
) STRICT;
CREATE INDEX pairing_legs_pairing_id ON pairing_legs (pairing_id);
CREATE INDEX pairing_legs_mentor_city_id ON pairing_legs (mentor_city_id);
CREATE INDEX pairing_legs_mentee_city_id ON pairing_legs (mentee_city_id);
CREATE TRIGGER pairing_legs_overlap_insert BEFORE INSERT ON pairing_legs WHEN NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: pairing_legs_overlap')
    WHERE EXISTS (
      SELECT 1 FROM pairing_legs o
      WHERE o.id <> NEW.id AND o.mentor_city_id = NEW.mentor_city_id AND o.mentee_city_id = NEW.mentee_city_id AND o.area = NEW.area
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.ends_on IS NULL OR o.ends_on > o.starts_on));
END;
CREATE TRIGGER pairing_legs_overlap_update BEFORE UPDATE ON pairing_legs WHEN NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on
BEGIN
    SELECT RAISE(ABORT, 'exclusion constraint failed: pairing_legs_overlap')
    WHERE EXISTS (
      SELECT 1 FROM pairing_legs o
      WHERE o.id <> NEW.id AND o.mentor_city_id = NEW.mentor_city_id AND o.mentee_city_id = NEW.mentee_city_id AND o.area = NEW.area
      AND (o.ends_on IS NULL OR NEW.starts_on < o.ends_on) AND (NEW.ends_on IS NULL OR o.starts_on < NEW.ends_on)
      AND (o.ends_on IS NULL OR o.ends_on > o.starts_on));
END;
