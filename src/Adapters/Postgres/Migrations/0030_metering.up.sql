-- Clients' prepaid balances in use: blocks that silos hold of them, usage per key, and requests that are served once.

create table client_blocks (
    pool_id    text not null,
    id         uuid not null,
    client     text not null,
    epoch      integer not null,
    amount     bigint not null check (amount >= 0),
    opened_at  timestamptz not null,
    expires_at timestamptz not null,
    ended_at   timestamptz,
    primary key (pool_id, id)
);
create index client_blocks_open on client_blocks (pool_id, expires_at) where ended_at is null;
create index client_blocks_ended on client_blocks (pool_id, ended_at) where ended_at is not null;

create table client_usage (
    pool_id           text not null,
    key_id            text not null,
    model             text not null,
    day               date not null,
    client            text not null,
    requests          bigint not null,
    failed            bigint not null,
    prompt_tokens     bigint not null,
    cached_tokens     bigint not null,
    completion_tokens bigint not null,
    charged           bigint not null,
    primary key (pool_id, key_id, model, day)
);
create index client_usage_by_client on client_usage (pool_id, client, day desc);

create table served_requests (
    pool_id    text not null,
    client     text not null,
    request_id text not null,
    body_hash  bytea not null,
    answer     bytea,
    expires_at timestamptz not null,
    primary key (pool_id, client, request_id)
);
create index served_requests_by_expiry on served_requests (expires_at);
