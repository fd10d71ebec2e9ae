-- Steps of the pool's own that have their line in the audit log: a step that is tried again adds none.

create table audit_operations (
    pool_id   text not null,
    operation text not null check (length(operation) between 1 and 200),
    at        timestamptz not null,
    primary key (pool_id, operation)
);
create index audit_operations_by_age on audit_operations (at);
