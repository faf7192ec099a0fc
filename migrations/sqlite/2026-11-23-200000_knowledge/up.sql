-- The words of a practice as they were published once.
CREATE TABLE practice_editions (
    practice_id BLOB NOT NULL REFERENCES practices (id),
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    published_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    PRIMARY KEY (practice_id, number)
) STRICT;
CREATE TRIGGER practice_editions_no_update BEFORE UPDATE ON practice_editions
BEGIN
    SELECT RAISE(ABORT, 'append only: practice_editions');
END;
CREATE TRIGGER practice_editions_no_delete BEFORE DELETE ON practice_editions
BEGIN
    SELECT RAISE(ABORT, 'append only: practice_editions');
END;
CREATE TRIGGER practice_editions_no_replace BEFORE INSERT ON practice_editions
WHEN EXISTS (SELECT 1 FROM practice_editions WHERE practice_id = NEW.practice_id AND number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'append only: practice_editions');
END;

-- Words on their way into the library of practices.
CREATE TABLE practice_proposals (
    id BLOB NOT NULL PRIMARY KEY,
    practice_id BLOB REFERENCES practices (id),
    city_id BLOB REFERENCES cities (id),
    status TEXT NOT NULL,
    based_on INTEGER NOT NULL,
    content TEXT NOT NULL,
    remark TEXT,
    submitted_at INTEGER,
    submitted_by BLOB,
    published_at INTEGER,
    published_by BLOB,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT practice_proposals_two CHECK (status <> 'PUBLISHED' OR submitted_by IS NULL OR submitted_by <> published_by)
) STRICT;
CREATE INDEX practice_proposals_practice_id ON practice_proposals (practice_id);
CREATE INDEX practice_proposals_city_id ON practice_proposals (city_id, created_at, id);
CREATE INDEX practice_proposals_waiting ON practice_proposals (submitted_at, id) WHERE status = 'SUBMITTED';
CREATE INDEX practice_proposals_created ON practice_proposals (created_at, id);

-- Which cities took a practice over, and what came of it: what is said later stands, what was said stays.
CREATE TABLE practice_adoptions (
    id BLOB NOT NULL PRIMARY KEY,
    practice_id BLOB NOT NULL REFERENCES practices (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    reported_on TEXT NOT NULL,
    outcome TEXT,
    source_url TEXT,
    said_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT practice_adoptions_why CHECK (status <> 'DROPPED' OR outcome IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX practice_adoptions_sequence ON practice_adoptions (practice_id, city_id, sequence);
CREATE INDEX practice_adoptions_city_id ON practice_adoptions (city_id, practice_id, sequence);
CREATE TRIGGER practice_adoptions_no_update BEFORE UPDATE ON practice_adoptions
BEGIN
    SELECT RAISE(ABORT, 'append only: practice_adoptions');
END;
CREATE TRIGGER practice_adoptions_no_delete BEFORE DELETE ON practice_adoptions
BEGIN
    SELECT RAISE(ABORT, 'append only: practice_adoptions');
END;
CREATE TRIGGER practice_adoptions_no_replace BEFORE INSERT ON practice_adoptions
WHEN EXISTS (SELECT 1 FROM practice_adoptions WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: practice_adoptions');
END;

-- Numbers the changes of what can be found. Held from a change to its commit, so that no number is seen before a smaller one.
CREATE TABLE search_counter (
    id INTEGER NOT NULL PRIMARY KEY,
    change INTEGER NOT NULL,
    CONSTRAINT search_counter_one CHECK (id = 1)
) STRICT;
INSERT INTO search_counter (id, change) VALUES (1, 0);

-- The last change of each thing that can be found.
CREATE TABLE search_feed (
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (kind, subject_id)
) STRICT;
CREATE UNIQUE INDEX search_feed_change ON search_feed (change);

-- What the network writes about a city, from the draft to everybody's reading.
CREATE TABLE documents (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    activity_id BLOB REFERENCES activities (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    edition INTEGER NOT NULL,
    shown_edition INTEGER,
    published_edition INTEGER,
    fact_check_until TEXT,
    checked_at INTEGER,
    checked_by BLOB,
    may_be_published INTEGER NOT NULL CHECK (may_be_published IN (0, 1)),
    published_on TEXT,
    withdrawn_reason TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT documents_editions CHECK (edition >= 1 AND (shown_edition IS NULL OR shown_edition BETWEEN 1 AND edition) AND (published_edition IS NULL OR published_edition BETWEEN 1 AND edition)),
    CONSTRAINT documents_published CHECK (status <> 'PUBLISHED' OR (published_edition IS NOT NULL AND published_edition = edition))
) STRICT;
CREATE INDEX documents_city_id ON documents (city_id, created_at, id);
CREATE INDEX documents_activity_id ON documents (activity_id);
CREATE INDEX documents_with_cities ON documents (fact_check_until, id) WHERE status = 'FACT_CHECK';
CREATE INDEX documents_created ON documents (created_at, id);

-- The editions of a document: files that never change.
CREATE TABLE document_editions (
    document_id BLOB NOT NULL REFERENCES documents (id),
    number INTEGER NOT NULL,
    file_id BLOB NOT NULL REFERENCES files (id),
    note TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    PRIMARY KEY (document_id, number)
) STRICT;
CREATE INDEX document_editions_file_id ON document_editions (file_id);
CREATE TRIGGER document_editions_no_update BEFORE UPDATE ON document_editions
BEGIN
    SELECT RAISE(ABORT, 'append only: document_editions');
END;
CREATE TRIGGER document_editions_no_delete BEFORE DELETE ON document_editions
BEGIN
    SELECT RAISE(ABORT, 'append only: document_editions');
END;
CREATE TRIGGER document_editions_no_replace BEFORE INSERT ON document_editions
WHEN EXISTS (SELECT 1 FROM document_editions WHERE document_id = NEW.document_id AND number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'append only: document_editions');
END;

-- What was remarked on an edition: it stays.
CREATE TABLE document_remarks (
    document_id BLOB NOT NULL REFERENCES documents (id),
    number INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    words TEXT NOT NULL,
    said_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    PRIMARY KEY (document_id, number)
) STRICT;
CREATE TRIGGER document_remarks_no_update BEFORE UPDATE ON document_remarks
BEGIN
    SELECT RAISE(ABORT, 'append only: document_remarks');
END;
CREATE TRIGGER document_remarks_no_delete BEFORE DELETE ON document_remarks
BEGIN
    SELECT RAISE(ABORT, 'append only: document_remarks');
END;
CREATE TRIGGER document_remarks_no_replace BEFORE INSERT ON document_remarks
WHEN EXISTS (SELECT 1 FROM document_remarks WHERE document_id = NEW.document_id AND number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'append only: document_remarks');
END;
