-- How far a city says it is with each of the ten steps: what is said later stands, what was said stays.
CREATE TABLE step_reports (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    step INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    reported_on TEXT NOT NULL,
    evidence TEXT,
    source_url TEXT,
    reason TEXT,
    said_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT step_reports_step CHECK (step BETWEEN 1 AND 10),
    CONSTRAINT step_reports_evidence CHECK (status NOT IN ('DONE', 'VERIFIED') OR evidence IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX step_reports_sequence ON step_reports (city_id, step, sequence);
CREATE TRIGGER step_reports_no_update BEFORE UPDATE ON step_reports
BEGIN
    SELECT RAISE(ABORT, 'append only: step_reports');
END;
CREATE TRIGGER step_reports_no_delete BEFORE DELETE ON step_reports
BEGIN
    SELECT RAISE(ABORT, 'append only: step_reports');
END;
CREATE TRIGGER step_reports_no_replace BEFORE INSERT ON step_reports
WHEN EXISTS (SELECT 1 FROM step_reports WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: step_reports');
END;

-- Where a city stands in each policy area between the three models: what is said later stands.
CREATE TABLE policy_statements (
    id BLOB NOT NULL PRIMARY KEY,
    city_id BLOB NOT NULL REFERENCES cities (id),
    area TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    intercultural INTEGER NOT NULL,
    multicultural INTEGER NOT NULL,
    assimilation INTEGER NOT NULL,
    stated_on TEXT NOT NULL,
    evidence TEXT NOT NULL,
    source_url TEXT,
    said_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT policy_statements_whole CHECK (intercultural >= 0 AND multicultural >= 0 AND assimilation >= 0 AND intercultural + multicultural + assimilation = 100)
) STRICT;
CREATE UNIQUE INDEX policy_statements_sequence ON policy_statements (city_id, area, sequence);
CREATE TRIGGER policy_statements_no_update BEFORE UPDATE ON policy_statements
BEGIN
    SELECT RAISE(ABORT, 'append only: policy_statements');
END;
CREATE TRIGGER policy_statements_no_delete BEFORE DELETE ON policy_statements
BEGIN
    SELECT RAISE(ABORT, 'append only: policy_statements');
END;
CREATE TRIGGER policy_statements_no_replace BEFORE INSERT ON policy_statements
WHEN EXISTS (SELECT 1 FROM policy_statements WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: policy_statements');
END;
