-- Contributions by month of assignment, uptime as spans that can be summed again, and the horizon behind which nothing is taken.

alter table contributions rename to contributions_before;
alter index contributions_pkey rename to contributions_before_pkey;
alter index contributions_by_participant rename to contributions_before_by_participant;

-- The moment of assignment is in the ticket, under the pool's own MAC together with the task's id: no worker can choose it, and one
-- task has one. So every copy of a receipt, and every other receipt with its task id, meets the first one in the same month, and
-- the primary key refuses it there: exactly once over all partitions, without a second table of ids.
create table contributions (
    pool_id           text not null,
    task_id           text not null,
    assigned_at       timestamptz not null,
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
    primary key (pool_id, task_id, assigned_at)
) partition by range (assigned_at);
create index contributions_by_participant on contributions (pool_id, participant, ended_at desc);
-- Rows come in the order of time, so a block range index costs an insert nothing and still finds an epoch or a day.
create index contributions_by_time on contributions using brin (epoch, ended_at);

-- Receipts of tasks assigned before this moment are refused: the months that held them are retired.
create table contribution_horizon (
    only_row        boolean primary key default true check (only_row),
    assigned_before timestamptz not null
);
insert into contribution_horizon (assigned_before) values ('-infinity');

-- Makes the months from the first moment to the last. A table is filled with its indexes first and attached then, because that lock
-- lets writers go on. Two callers at once make the same months.
create function ensure_contribution_months(first timestamptz, last timestamptz) returns void language plpgsql as $$
declare
    month timestamp := date_trunc('month', first at time zone 'UTC');
    name  text;
begin
    perform pg_advisory_xact_lock(hashtextextended('contributions/make-months', 0));
    while month <= last at time zone 'UTC' loop
        name := 'contributions_' || to_char(month, 'YYYY_MM');
        if to_regclass(name) is null and month at time zone 'UTC' >= (select assigned_before from contribution_horizon) then
            execute format('create table %I (like contributions including all)', name);
            execute format('alter table contributions attach partition %I for values from (%L) to (%L)',
                name, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
        end if;
        month := month + interval '1 month';
    end loop;
end $$;

-- What was recorded before this version has no moment of assignment; the task's start stands in for it.
select ensure_contribution_months(coalesce((select min(started_at) from contributions_before), now()), now() + interval '1 month');
insert into contributions
    select pool_id, task_id, started_at, epoch, late, worker_id, participant, model, outcome, prompt_tokens, cached_tokens, completion_tokens,
        reasoning_tokens, adjusted_tokens, quality_ppm, latency_ms, first_token_ms, started_at, ended_at, flagged, receipt, batch_root,
        batch_signature, inclusion_proof, recorded_at
    from contributions_before;
drop table contributions_before;

-- The span of uptime that a worker is in: it grows with each heartbeat, in place.
alter table uptime_marks
    add column participant text not null default '',
    add column epoch       integer not null default 0,
    add column gpus        integer not null default 0,
    add column since       timestamptz;
update uptime_marks set since = credited_until;
alter table uptime_marks alter column since set not null;
alter table uptime_marks set (fillfactor = 70);

-- The spans that have ended, by a gap, an epoch's end or another number of GPUs. With the running ones they are the whole uptime.
create table uptime_spans (
    pool_id          text not null,
    epoch            integer not null,
    worker_id        text not null,
    since            timestamptz not null,
    until            timestamptz not null,
    participant      text not null,
    gpu_milliseconds numeric(40) not null check (gpu_milliseconds >= 0),
    primary key (pool_id, epoch, worker_id, since)
);
insert into uptime_spans
    select pool_id, epoch, 'before-' || md5(participant), starts_at, ends_at, participant, gpu_milliseconds
    from epoch_tallies join epochs using (pool_id) where epochs.number = epoch_tallies.epoch and gpu_milliseconds > 0;

alter table epoch_tallies set (fillfactor = 70);
