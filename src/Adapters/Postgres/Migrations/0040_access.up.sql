-- Who may come in: accounts of people, their sessions, the key ring; and what was answered to repeated requests.

create table accounts (
    pool_id        text not null,
    username       text not null check (username ~ '^[a-z][a-z0-9._-]{2,31}$'),
    role           text not null,
    password_hash  text not null,
    totp_seed      bytea not null,
    totp_last_step bigint not null default 0,
    -- Whose knowledge the credentials are: the person's own, or still that of whoever issued them.
    credentials_by text not null,
    created_by     text not null,
    created_at     timestamptz not null,
    disabled_at    timestamptz,
    primary key (pool_id, username)
);

create table account_recovery_codes (
    pool_id  text not null,
    username text not null,
    hash     bytea not null,
    used_at  timestamptz,
    primary key (pool_id, username, hash),
    foreign key (pool_id, username) references accounts (pool_id, username)
);

create table sessions (
    pool_id    text not null,
    id         uuid not null,
    role       text not null,
    subject    text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at   timestamptz,
    ended_for  text,
    primary key (pool_id, id)
);
create index sessions_by_subject on sessions (pool_id, subject) where ended_at is null;

create table refresh_tokens (
    pool_id    text not null,
    hash       bytea not null,
    session_id uuid not null,
    issued_at  timestamptz not null,
    used_at    timestamptz,
    primary key (pool_id, hash),
    foreign key (pool_id, session_id) references sessions (pool_id, id) on delete cascade
);
create index refresh_tokens_by_session on refresh_tokens (pool_id, session_id);

-- One row for each try that has not succeeded; a bucket is an account's name or a network address.
create table sign_in_failures (
    pool_id text not null,
    bucket  text not null,
    attempt uuid not null,
    at      timestamptz not null,
    primary key (pool_id, bucket, attempt)
);

create table used_challenges (
    pool_id    text not null,
    nonce      bytea not null,
    expires_at timestamptz not null,
    primary key (pool_id, nonce)
);

-- The data-protection key ring, sealed with the host's own key.
create table key_ring (
    name       text primary key,
    xml        text not null,
    created_at timestamptz not null default now()
);

create table idempotent_requests (
    pool_id      text not null,
    caller       text not null,
    key          text not null,
    request_hash bytea not null,
    lease        uuid not null,
    lease_until  timestamptz not null,
    status       integer,
    content_type text,
    body         bytea,
    created_at   timestamptz not null,
    primary key (pool_id, caller, key)
);
create index idempotent_requests_by_age on idempotent_requests (created_at);
