drop table uptime_spans;
alter table uptime_marks drop column participant, drop column epoch, drop column gpus, drop column since;
alter table uptime_marks reset (fillfactor);
alter table epoch_tallies reset (fillfactor);
alter table contributions rename to contributions_by_month;
alter index contributions_pkey rename to contributions_by_month_pkey;
alter index contributions_by_participant rename to contributions_by_month_by_participant;
create table contributions (
    pool_id           text not null,
    task_id           text not null,
    epoch             integer not null,
    late              boolean not null,
    worker_id         text not null,
    participant       text not null,
    model             text not null,
    outcome           smallint not null,
    prompt_tokens     bigint not null,
    cached_tokens     bigint not null,
    completion_tokens bigint not null,
    reasoning_tokens  bigint not null,
    adjusted_tokens   bigint not null,
    quality_ppm       integer,
    latency_ms        bigint not null,
    first_token_ms    bigint not null,
    started_at        timestamptz not null,
    ended_at          timestamptz not null,
    flagged           boolean not null,
    receipt           bytea not null,
    batch_root        bytea not null,
    batch_signature   bytea not null,
    inclusion_proof   bytea not null,
    recorded_at       timestamptz not null,
    primary key (pool_id, task_id)
);
create index contributions_by_participant on contributions (pool_id, participant, ended_at desc);
insert into contributions
    select pool_id, task_id, epoch, late, worker_id, participant, model, outcome, prompt_tokens, cached_tokens, completion_tokens,
        reasoning_tokens, adjusted_tokens, quality_ppm, latency_ms, first_token_ms, started_at, ended_at, flagged, receipt, batch_root,
        batch_signature, inclusion_proof, recorded_at
    from contributions_by_month;
drop table contributions_by_month, contribution_horizon;
drop function ensure_contribution_months(timestamptz, timestamptz);
