-- Who wants to be told what, and what has been told.

create table webhooks (
    pool_id    text not null,
    id         uuid not null,
    url        text not null,
    events     text[] not null,
    secret     bytea not null,
    created_by text not null,
    created_at timestamptz not null,
    removed_at timestamptz,
    primary key (pool_id, id)
);

-- One row for each thing that happened and each webhook that asked for it; the key makes it one however often it is looked for.
create table webhook_deliveries (
    pool_id      text not null,
    webhook_id   uuid not null,
    event_key    text not null,
    id           uuid not null default gen_random_uuid(),
    event        text not null,
    data         text not null,
    happened_at  timestamptz not null,
    attempts     integer not null default 0,
    next_at      timestamptz not null,
    finished_at  timestamptz,
    last_outcome text,
    primary key (pool_id, webhook_id, event_key),
    unique (id),
    foreign key (pool_id, webhook_id) references webhooks (pool_id, id)
);
create index webhook_deliveries_due on webhook_deliveries (next_at) where finished_at is null;

-- What the other rooms' tables say has happened.
create view happened as
    select pool_id, 'epoch_finalized' event, 'epoch_finalized/' || number event_key,
        json_build_object('epoch', number, 'revenue_nano', revenue::text, 'fee_nano', fee::text, 'participants', participants, 'bundle_hash', encode(bundle_hash, 'hex'))::text data
        from epochs where phase >= 2
    union all
    select pool_id, 'reward_distributed', 'reward_distributed/' || number, json_build_object('epoch', number, 'participants', participants)::text from epochs where phase = 4
    union all
    select pool_id, 'participant_registered', 'participant_registered/' || address, json_build_object('address', address)::text from participants
    union all
    select pool_id, 'approval_executed', 'approval_executed/' || id, json_build_object('id', id, 'kind', kind)::text from approvals where state = 2;
