-- Offences that the pool itself saw, with what was sent; each leads to a slash once.
create table misconduct_reports (
    pool_id     text not null,
    id          text not null,
    participant text not null,
    worker_id   text not null,
    offence     smallint not null,
    evidence    text not null,
    exhibit     jsonb not null,
    reported_at timestamptz not null,
    outcome     text,
    primary key (pool_id, id)
);
create index misconduct_reports_waiting on misconduct_reports (pool_id, reported_at) where outcome is null;
create index misconduct_reports_by_participant on misconduct_reports (pool_id, participant, reported_at desc);
