CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    password_hash TEXT,
    language TEXT NOT NULL,
    person_id BLOB,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE INDEX users_sort_key ON users (sort_key, id);

CREATE TABLE grants (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    city_id BLOB,
    expert_id BLOB,
    appointment_id BLOB,
    ends_on TEXT,
    granted_by BLOB,
    granted_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_by BLOB
) STRICT;
CREATE INDEX grants_city ON grants (city_id);
CREATE INDEX grants_expert ON grants (expert_id);
CREATE INDEX grants_appointment ON grants (appointment_id);
CREATE INDEX grants_user_id ON grants (user_id);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT
) STRICT;
CREATE INDEX sessions_user_id ON sessions (user_id);

CREATE TABLE refresh_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id),
    token_hash TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    voided_at INTEGER,
    predecessor_id BLOB REFERENCES refresh_tokens (id)
) STRICT;
CREATE UNIQUE INDEX refresh_tokens_hash ON refresh_tokens (token_hash);
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_predecessor_id ON refresh_tokens (predecessor_id);

CREATE TABLE account_links (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    voided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX account_links_hash ON account_links (token_hash);
CREATE INDEX account_links_user_id ON account_links (user_id);

CREATE TABLE sign_in_attempts (
    account_key TEXT NOT NULL PRIMARY KEY,
    failures TEXT NOT NULL,
    blocked_until INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (updated_at);

CREATE TABLE audit_entries (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BLOB,
    city_id BLOB,
    request_id TEXT,
    details TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entries_at ON audit_entries (at, id);
CREATE INDEX audit_entries_object ON audit_entries (object_id, at, id);
CREATE INDEX audit_entries_city ON audit_entries (city_id, at, id);
CREATE INDEX audit_entries_action ON audit_entries (action, at, id);
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN
    SELECT RAISE(ABORT, 'append only: audit_entries');
END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN
    SELECT RAISE(ABORT, 'append only: audit_entries');
END;
-- INSERT OR REPLACE removes the row in its way without firing the trigger against deletion.
CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: audit_entries');
END;

CREATE TABLE audit_seals (
    sequence INTEGER NOT NULL PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES audit_entries (id),
    entry_hash TEXT NOT NULL,
    chain_hash TEXT NOT NULL,
    sealed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_seals_entry ON audit_seals (entry_id);
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals BEGIN
    SELECT RAISE(ABORT, 'append only: audit_seals');
END;
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals BEGIN
    SELECT RAISE(ABORT, 'append only: audit_seals');
END;
CREATE TRIGGER audit_seals_no_replace BEFORE INSERT ON audit_seals
WHEN EXISTS (SELECT 1 FROM audit_seals WHERE sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'append only: audit_seals');
END;

CREATE TABLE idempotency_keys (
    viewer TEXT NOT NULL,
    key TEXT NOT NULL,
    field TEXT NOT NULL,
    digest TEXT NOT NULL,
    receipt TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (viewer, key)
) STRICT;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    state TEXT NOT NULL,
    run_after INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    locked_until INTEGER,
    locked_by TEXT,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX jobs_due ON jobs (state, run_after, id);
CREATE INDEX jobs_aggregate ON jobs (aggregate, state, id);
CREATE INDEX jobs_ended ON jobs (finished_at);

CREATE TABLE files (
    id BLOB NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id BLOB,
    city_id BLOB,
    uploaded_by BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX files_hash ON files (sha256);
CREATE INDEX files_owner ON files (owner_id);
CREATE INDEX files_city ON files (city_id);
