-- The questionnaires of the index. An edition never changes: scores are computed from it again.
CREATE TABLE questionnaires (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    edition integer NOT NULL,
    name_da text COLLATE "C" NOT NULL,
    name_en text COLLATE "C" NOT NULL,
    note_da text COLLATE "C" NOT NULL,
    note_en text COLLATE "C" NOT NULL,
    content jsonb NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid
);
CREATE UNIQUE INDEX questionnaires_edition ON questionnaires (code, edition);

-- A city that takes the index: its answers, their scores, and whether it lets them be seen.
CREATE TABLE assessments (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    questionnaire_id uuid NOT NULL REFERENCES questionnaires (id),
    activity_id uuid REFERENCES activities (id),
    status text COLLATE "C" NOT NULL,
    taken_on date NOT NULL,
    population bigint,
    foreign_born_bp integer,
    figures_source text COLLATE "C",
    returned_reason text COLLATE "C",
    submitted_at timestamptz,
    submitted_by uuid,
    approved_at timestamptz,
    approved_by uuid,
    consented_at timestamptz,
    consented_by uuid,
    consents_to_answers boolean NOT NULL,
    published_on date,
    withdrawn_on date,
    withdrawn_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT assessments_figures CHECK (population > 0 AND foreign_born_bp BETWEEN 0 AND 10000),
    CONSTRAINT assessments_consent CHECK (status <> 'PUBLISHED' OR (consented_at IS NOT NULL AND published_on IS NOT NULL)),
    CONSTRAINT assessments_four_eyes CHECK (approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by)
);
CREATE UNIQUE INDEX assessments_open ON assessments (city_id) WHERE status IN ('DRAFT', 'SUBMITTED');
CREATE UNIQUE INDEX assessments_activity_id ON assessments (activity_id);
CREATE INDEX assessments_waiting ON assessments (submitted_at, id) WHERE status = 'SUBMITTED';
CREATE INDEX assessments_taken ON assessments (taken_on, id);
CREATE INDEX assessments_city ON assessments (city_id, taken_on, id);
CREATE INDEX assessments_sample ON assessments (questionnaire_id, published_on);
CREATE INDEX assessments_updated ON assessments (updated_at, id);

-- What a city answered. A question without a row is not answered; what is approved never changes.
CREATE TABLE assessment_answers (
    assessment_id uuid NOT NULL REFERENCES assessments (id),
    question text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    options jsonb NOT NULL,
    evidence text COLLATE "C",
    source_url text COLLATE "C",
    review_note text COLLATE "C",
    updated_at timestamptz NOT NULL,
    updated_by uuid,
    PRIMARY KEY (assessment_id, question)
);

-- What the answers earned, as it was approved; doctor computes it again.
CREATE TABLE assessment_scores (
    assessment_id uuid NOT NULL REFERENCES assessments (id),
    indicator text COLLATE "C" NOT NULL,
    points bigint NOT NULL,
    most bigint NOT NULL,
    answered integer NOT NULL,
    missing integer NOT NULL,
    not_applicable integer NOT NULL,
    PRIMARY KEY (assessment_id, indicator),
    CONSTRAINT assessment_scores_points CHECK (points >= 0 AND points <= most)
);

CREATE TRIGGER questionnaires_append_only BEFORE UPDATE OR DELETE ON questionnaires
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER assessment_scores_append_only BEFORE UPDATE OR DELETE ON assessment_scores
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_approved_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched assessment_answers := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF EXISTS (SELECT 1 FROM assessments WHERE id = touched.assessment_id AND status IN ('APPROVED', 'PUBLISHED')) THEN
        RAISE EXCEPTION 'approved: assessment_answers' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_answers_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_answers
    FOR EACH ROW EXECUTE FUNCTION refuse_approved_answer();
