-- The questionnaires of the index. An edition never changes: scores are computed from it again.
CREATE TABLE questionnaires (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    edition INTEGER NOT NULL,
    name_da TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note_da TEXT NOT NULL,
    note_en TEXT NOT NULL,
    content TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB
) STRICT;
CREATE UNIQUE INDEX questionnaires_edition ON questionnaires (code, edition);

-- A city that takes the index: its answers, their scores, and whether it lets them be seen.
CREATE TABLE assessments (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    questionnaire_id BLOB NOT NULL REFERENCES questionnaires (id),
    activity_id BLOB REFERENCES activities (id),
    status TEXT NOT NULL,
    taken_on TEXT NOT NULL,
    population INTEGER,
    foreign_born_bp INTEGER,
    figures_source TEXT,
    returned_reason TEXT,
    submitted_at INTEGER,
    submitted_by BLOB,
    approved_at INTEGER,
    approved_by BLOB,
    consented_at INTEGER,
    consented_by BLOB,
    consents_to_answers INTEGER NOT NULL CHECK (consents_to_answers IN (0, 1)),
    published_on TEXT,
    withdrawn_on TEXT,
    withdrawn_reason TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT assessments_figures CHECK (population > 0 AND foreign_born_bp BETWEEN 0 AND 10000),
    CONSTRAINT assessments_consent CHECK (status <> 'PUBLISHED' OR (consented_at IS NOT NULL AND published_on IS NOT NULL)),
    CONSTRAINT assessments_four_eyes CHECK (approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by)
) STRICT;
CREATE UNIQUE INDEX assessments_open ON assessments (city_id) WHERE status IN ('DRAFT', 'SUBMITTED');
CREATE UNIQUE INDEX assessments_activity_id ON assessments (activity_id);
CREATE INDEX assessments_waiting ON assessments (submitted_at, id) WHERE status = 'SUBMITTED';
CREATE INDEX assessments_taken ON assessments (taken_on, id);
CREATE INDEX assessments_city ON assessments (city_id, taken_on, id);
CREATE INDEX assessments_sample ON assessments (questionnaire_id, published_on);
CREATE INDEX assessments_updated ON assessments (updated_at, id);

-- What a city answered. A question without a row is not answered; what is approved never changes.
CREATE TABLE assessment_answers (
    assessment_id BLOB NOT NULL REFERENCES assessments (id),
    question TEXT NOT NULL,
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    evidence TEXT,
    source_url TEXT,
    review_note TEXT,
    updated_at INTEGER NOT NULL,
    updated_by BLOB,
    PRIMARY KEY (assessment_id, question)
) STRICT;

-- What the answers earned, as it was approved; doctor computes it again.
CREATE TABLE assessment_scores (
    assessment_id BLOB NOT NULL REFERENCES assessments (id),
    indicator TEXT NOT NULL,
    points INTEGER NOT NULL,
    most INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    PRIMARY KEY (assessment_id, indicator),
    CONSTRAINT assessment_scores_points CHECK (points >= 0 AND points <= most)
) STRICT;

CREATE TRIGGER questionnaires_no_update BEFORE UPDATE ON questionnaires
BEGIN
    SELECT RAISE(ABORT, 'append only: questionnaires');
END;
CREATE TRIGGER questionnaires_no_delete BEFORE DELETE ON questionnaires
BEGIN
    SELECT RAISE(ABORT, 'append only: questionnaires');
END;
CREATE TRIGGER questionnaires_no_replace BEFORE INSERT ON questionnaires
WHEN EXISTS (SELECT 1 FROM questionnaires WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: questionnaires');
END;
CREATE TRIGGER assessment_answers_no_insert BEFORE INSERT ON assessment_answers
WHEN (SELECT status FROM assessments WHERE id = NEW.assessment_id) IN ('APPROVED', 'PUBLISHED')
BEGIN
    SELECT RAISE(ABORT, 'approved: assessment_answers');
END;
CREATE TRIGGER assessment_answers_no_update BEFORE UPDATE ON assessment_answers
WHEN (SELECT status FROM assessments WHERE id = OLD.assessment_id) IN ('APPROVED', 'PUBLISHED')
BEGIN
    SELECT RAISE(ABORT, 'approved: assessment_answers');
END;
CREATE TRIGGER assessment_answers_no_delete BEFORE DELETE ON assessment_answers
WHEN (SELECT status FROM assessments WHERE id = OLD.assessment_id) IN ('APPROVED', 'PUBLISHED')
BEGIN
    SELECT RAISE(ABORT, 'approved: assessment_answers');
END;
CREATE TRIGGER assessment_scores_no_update BEFORE UPDATE ON assessment_scores
BEGIN
    SELECT RAISE(ABORT, 'append only: assessment_scores');
END;
CREATE TRIGGER assessment_scores_no_delete BEFORE DELETE ON assessment_scores
BEGIN
    SELECT RAISE(ABORT, 'append only: assessment_scores');
END;
CREATE TRIGGER assessment_scores_no_replace BEFORE INSERT ON assessment_scores
WHEN EXISTS (SELECT 1 FROM assessment_scores WHERE assessment_id = NEW.assessment_id AND indicator = NEW.indicator)
BEGIN
    SELECT RAISE(ABORT, 'append only: assessment_scores');
END;
