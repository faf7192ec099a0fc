-- Exclusion constraints over uuid and text columns need GiST operator classes for them.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Tables that are history refuse every change of a row.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE users (
    id uuid NOT NULL PRIMARY KEY,
    email text COLLATE "C" NOT NULL,
    email_key text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C",
    language text COLLATE "C" NOT NULL,
    person_id uuid,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE INDEX users_sort_key ON users (sort_key, id);

CREATE TABLE grants (
    id uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    role text COLLATE "C" NOT NULL,
    city_id uuid,
    expert_id uuid,
    appointment_id uuid,
    ends_on date,
    granted_by uuid,
    granted_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by uuid
);
CREATE INDEX grants_city ON grants (city_id);
CREATE INDEX grants_expert ON grants (expert_id);
CREATE INDEX grants_appointment ON grants (appointment_id);
CREATE INDEX grants_user_id ON grants (user_id);

CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text COLLATE "C"
);
CREATE INDEX sessions_user_id ON sessions (user_id);

CREATE TABLE refresh_tokens (
    id uuid NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    token_hash text COLLATE "C" NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    voided_at timestamptz,
    predecessor_id uuid REFERENCES refresh_tokens (id)
);
CREATE UNIQUE INDEX refresh_tokens_hash ON refresh_tokens (token_hash);
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_predecessor_id ON refresh_tokens (predecessor_id);

CREATE TABLE account_links (
    id uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    purpose text COLLATE "C" NOT NULL,
    token_hash text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    voided_at timestamptz
);
CREATE UNIQUE INDEX account_links_hash ON account_links (token_hash);
CREATE INDEX account_links_user_id ON account_links (user_id);

CREATE TABLE sign_in_attempts (
    account_key text COLLATE "C" NOT NULL PRIMARY KEY,
    failures jsonb NOT NULL,
    blocked_until timestamptz,
    updated_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (updated_at);

CREATE TABLE audit_entries (
    id uuid NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text COLLATE "C" NOT NULL,
    actor_id uuid,
    actor_name text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    object_kind text COLLATE "C" NOT NULL,
    object_id uuid,
    city_id uuid,
    request_id text COLLATE "C",
    details jsonb NOT NULL
);
CREATE INDEX audit_entries_at ON audit_entries (at, id);
CREATE INDEX audit_entries_object ON audit_entries (object_id, at, id);
CREATE INDEX audit_entries_city ON audit_entries (city_id, at, id);
CREATE INDEX audit_entries_action ON audit_entries (action, at, id);
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_seals (
    sequence bigint NOT NULL PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES audit_entries (id),
    entry_hash text COLLATE "C" NOT NULL,
    chain_hash text COLLATE "C" NOT NULL,
    sealed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX audit_seals_entry ON audit_seals (entry_id);
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE idempotency_keys (
    viewer text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    receipt jsonb,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (viewer, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE jobs (
    id uuid NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    payload jsonb NOT NULL,
    aggregate text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    run_after timestamptz NOT NULL,
    attempts integer NOT NULL,
    locked_until timestamptz,
    locked_by text COLLATE "C",
    last_error text COLLATE "C",
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX jobs_due ON jobs (state, run_after, id);
CREATE INDEX jobs_aggregate ON jobs (aggregate, state, id);
CREATE INDEX jobs_ended ON jobs (finished_at);

CREATE TABLE files (
    id uuid NOT NULL PRIMARY KEY,
    sha256 text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    media_type text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    owner_kind text COLLATE "C" NOT NULL,
    owner_id uuid,
    city_id uuid,
    uploaded_by uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX files_hash ON files (sha256);
CREATE INDEX files_owner ON files (owner_id);
CREATE INDEX files_city ON files (city_id);
