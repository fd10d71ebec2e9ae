-- Operations that two people have to want before they are carried out.

create table approvals (
    pool_id     text not null,
    id          uuid not null,
    kind        text not null,
    payload     text not null,
    reason      text not null,
    proposed_by text not null,
    proposed_at timestamptz not null,
    timelock    interval not null,
    state       smallint not null check (state between 0 and 4),
    decided_by  text,
    decided_at  timestamptz,
    execute_at  timestamptz,
    outcome     text,
    primary key (pool_id, id),
    check (state not in (1, 2) or (decided_by is not null and decided_by <> proposed_by and execute_at is not null))
);
create index approvals_due on approvals (pool_id, execute_at) where state = 1;
