-- The words of a practice as they were published once.
CREATE TABLE practice_editions (
    practice_id uuid NOT NULL REFERENCES practices (id),
    number integer NOT NULL,
    content jsonb NOT NULL,
    published_on date NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    PRIMARY KEY (practice_id, number)
);
CREATE TRIGGER practice_editions_append_only BEFORE UPDATE OR DELETE ON practice_editions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Words on their way into the library of practices.
CREATE TABLE practice_proposals (
    id uuid NOT NULL PRIMARY KEY,
    practice_id uuid REFERENCES practices (id),
    city_id uuid REFERENCES cities (id),
    status text COLLATE "C" NOT NULL,
    based_on integer NOT NULL,
    content jsonb NOT NULL,
    remark text COLLATE "C",
    submitted_at timestamptz,
    submitted_by uuid,
    published_at timestamptz,
    published_by uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT practice_proposals_two CHECK (status <> 'PUBLISHED' OR submitted_by IS NULL OR submitted_by <> published_by)
);
CREATE INDEX practice_proposals_practice_id ON practice_proposals (practice_id);
CREATE INDEX practice_proposals_city_id ON practice_proposals (city_id, created_at, id);
CREATE INDEX practice_proposals_waiting ON practice_proposals (submitted_at, id) WHERE status = 'SUBMITTED';
CREATE INDEX practice_proposals_created ON practice_proposals (created_at, id);

-- Which cities took a practice over, and what came of it: what is said later stands, what was said stays.
CREATE TABLE practice_adoptions (
    id uuid NOT NULL PRIMARY KEY,
    practice_id uuid NOT NULL REFERENCES practices (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    sequence integer NOT NULL,
    status text COLLATE "C" NOT NULL,
    reported_on date NOT NULL,
    outcome text COLLATE "C",
    source_url text COLLATE "C",
    said_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT practice_adoptions_why CHECK (status <> 'DROPPED' OR outcome IS NOT NULL)
);
CREATE UNIQUE INDEX practice_adoptions_sequence ON practice_adoptions (practice_id, city_id, sequence);
CREATE INDEX practice_adoptions_city_id ON practice_adoptions (city_id, practice_id, sequence);
CREATE TRIGGER practice_adoptions_append_only BEFORE UPDATE OR DELETE ON practice_adoptions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Numbers the changes of what can be found. Held from a change to its commit, so that no number is seen before a smaller one.
CREATE TABLE search_counter (
    id integer NOT NULL PRIMARY KEY,
    change bigint NOT NULL,
    CONSTRAINT search_counter_one CHECK (id = 1)
);
INSERT INTO search_counter (id, change) VALUES (1, 0);

-- The last change of each thing that can be found.
CREATE TABLE search_feed (
    kind text COLLATE "C" NOT NULL,
    subject_id uuid NOT NULL,
    change bigint NOT NULL,
    PRIMARY KEY (kind, subject_id)
);
CREATE UNIQUE INDEX search_feed_change ON search_feed (change);

-- What the network writes about a city, from the draft to everybody's reading.
CREATE TABLE documents (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    activity_id uuid REFERENCES activities (id),
    kind text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    edition integer NOT NULL,
    shown_edition integer,
    published_edition integer,
    fact_check_until date,
    checked_at timestamptz,
    checked_by uuid,
    may_be_published boolean NOT NULL,
    published_on date,
    withdrawn_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT documents_editions CHECK (edition >= 1 AND (shown_edition IS NULL OR shown_edition BETWEEN 1 AND edition) AND (published_edition IS NULL OR published_edition BETWEEN 1 AND edition)),
    CONSTRAINT documents_published CHECK (status <> 'PUBLISHED' OR (published_edition IS NOT NULL AND published_edition = edition))
);
CREATE INDEX documents_city_id ON documents (city_id, created_at, id);
CREATE INDEX documents_activity_id ON documents (activity_id);
CREATE INDEX documents_with_cities ON documents (fact_check_until, id) WHERE status = 'FACT_CHECK';
CREATE INDEX documents_created ON documents (created_at, id);

-- The editions of a document: files that never change.
CREATE TABLE document_editions (
    document_id uuid NOT NULL REFERENCES documents (id),
    number integer NOT NULL,
    file_id uuid NOT NULL REFERENCES files (id),
    note text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    PRIMARY KEY (document_id, number)
);
CREATE INDEX document_editions_file_id ON document_editions (file_id);
CREATE TRIGGER document_editions_append_only BEFORE UPDATE OR DELETE ON document_editions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What was remarked on an edition: it stays.
CREATE TABLE document_remarks (
    document_id uuid NOT NULL REFERENCES documents (id),
    number integer NOT NULL,
    edition integer NOT NULL,
    words text COLLATE "C" NOT NULL,
    said_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    PRIMARY KEY (document_id, number)
);
CREATE TRIGGER document_remarks_append_only BEFORE UPDATE OR DELETE ON document_remarks
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
