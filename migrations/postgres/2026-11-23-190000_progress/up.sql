-- How far a city says it is with each of the ten steps: what is said later stands, what was said stays.
CREATE TABLE step_reports (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    step integer NOT NULL,
    sequence integer NOT NULL,
    status text COLLATE "C" NOT NULL,
    reported_on date NOT NULL,
    evidence text COLLATE "C",
    source_url text COLLATE "C",
    reason text COLLATE "C",
    said_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT step_reports_step CHECK (step BETWEEN 1 AND 10),
    CONSTRAINT step_reports_evidence CHECK (status NOT IN ('DONE', 'VERIFIED') OR evidence IS NOT NULL)
);
CREATE UNIQUE INDEX step_reports_sequence ON step_reports (city_id, step, sequence);
CREATE TRIGGER step_reports_append_only BEFORE UPDATE OR DELETE ON step_reports
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Where a city stands in each policy area between the three models: what is said later stands.
CREATE TABLE policy_statements (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    area text COLLATE "C" NOT NULL,
    sequence integer NOT NULL,
    intercultural integer NOT NULL,
    multicultural integer NOT NULL,
    assimilation integer NOT NULL,
    stated_on date NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    source_url text COLLATE "C",
    said_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT policy_statements_whole CHECK (intercultural >= 0 AND multicultural >= 0 AND assimilation >= 0 AND intercultural + multicultural + assimilation = 100)
);
CREATE UNIQUE INDEX policy_statements_sequence ON policy_statements (city_id, area, sequence);
CREATE TRIGGER policy_statements_append_only BEFORE UPDATE OR DELETE ON policy_statements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
