-- Participants, workers, contributions, epochs, ledger and settlement of the pools in this database.
-- Times are timestamptz in UTC with whole milliseconds; amounts are bigint nanoTON; addresses are raw ('0:hex').

create table pool_seats (
    pool_id     text not null,
    participant text not null,
    taken_at    timestamptz not null default now(),
    primary key (pool_id, participant)
);

create table participants (
    pool_id        text not null,
    address        text not null,
    state          text not null,
    joined_at      timestamptz not null,
    payout_address text not null,
    min_payout     bigint not null check (min_payout > 0),
    stake          bigint not null,
    required_stake bigint not null,
    gpus           integer not null,
    reputation     integer not null,
    primary key (pool_id, address)
);

create table workers (
    pool_id      text not null,
    worker_id    text not null,
    participant  text not null,
    state        text not null,
    gpus         integer not null,
    active_since timestamptz,
    description  jsonb not null,
    primary key (pool_id, worker_id)
);

create table epochs (
    pool_id      text not null,
    number       integer not null check (number > 0),
    phase        smallint not null default 0 check (phase between 0 and 4),
    starts_at    timestamptz not null,
    ends_at      timestamptz not null,
    revenue      bigint not null default 0,
    fee          bigint not null default 0,
    carried_over bigint not null default 0,
    participants integer not null default 0,
    merkle_root  bytea,
    bundle_hash  bytea,
    primary key (pool_id, number),
    check (ends_at > starts_at)
);

create table epoch_calendars (
    pool_id  text primary key,
    duration interval not null
);

create table epoch_bundles (
    pool_id text not null,
    epoch   integer not null,
    json    bytea not null,
    csv     text not null,
    hash    bytea not null,
    primary key (pool_id, epoch),
    foreign key (pool_id, epoch) references epochs (pool_id, number)
);

create table epoch_shares (
    pool_id        text not null,
    epoch          integer not null,
    participant    text not null,
    share          bigint not null check (share >= 0),
    payable        bigint not null check (payable >= 0),
    payable_index  integer,
    payout_address text not null,
    primary key (pool_id, epoch, participant),
    foreign key (pool_id, epoch) references epochs (pool_id, number)
);

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

create table uptime_marks (
    pool_id        text not null,
    worker_id      text not null,
    credited_until timestamptz not null,
    primary key (pool_id, worker_id)
);

create table epoch_tallies (
    pool_id           text not null,
    epoch             integer not null,
    participant       text not null,
    adjusted_tokens   numeric(40) not null default 0,
    gpu_milliseconds  numeric(40) not null default 0,
    tasks             bigint not null default 0,
    failed_tasks      bigint not null default 0,
    quality_tokens    numeric(40) not null default 0,
    prompt_tokens     numeric(40) not null default 0,
    completion_tokens numeric(40) not null default 0,
    primary key (pool_id, epoch, participant)
);

create table ledger_accounts (
    pool_id         text not null,
    name            text not null,
    balance         bigint not null,
    reserved        bigint not null,
    may_be_negative boolean not null,
    primary key (pool_id, name),
    check (reserved >= 0),
    check (may_be_negative or balance - reserved >= 0)
);

create table ledger_transfers (
    pool_id        text not null,
    sequence       bigint not null check (sequence > 0),
    id             text not null check (length(id) between 1 and 200),
    action         smallint not null check (action between 0 and 4),
    debit          text not null,
    credit         text not null,
    amount         bigint not null check (amount > 0),
    kind           smallint not null,
    reference      text not null,
    at             timestamptz not null,
    reservation    text,
    previous_hash  bytea not null check (length(previous_hash) = 32),
    hash           bytea not null check (length(hash) = 32),
    primary key (pool_id, sequence),
    unique (pool_id, id),
    check (debit <> credit),
    check ((action in (0, 1)) = (reservation is null))
);
create unique index ledger_reservations_end_once on ledger_transfers (pool_id, reservation) where reservation is not null;
create index ledger_transfers_by_credit on ledger_transfers (pool_id, credit, sequence);
create index ledger_transfers_by_debit on ledger_transfers (pool_id, debit, sequence);

-- The books are append-only for every client of the database.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger ledger_transfers_append_only before update or delete or truncate on ledger_transfers
    for each statement execute function refuse_change();
create trigger epoch_bundles_append_only before update or delete or truncate on epoch_bundles
    for each statement execute function refuse_change();

create table settlements (
    pool_id      text not null,
    epoch        integer not null,
    total        bigint not null,
    fee          bigint not null,
    payout_count integer not null,
    merkle_root  bytea not null,
    bundle_hash  bytea not null,
    planned_at   timestamptz not null default now(),
    primary key (pool_id, epoch)
);

-- Message -1 opens the epoch on chain, 0 and up are the batches.
create table settlement_messages (
    pool_id          text not null,
    epoch            integer not null,
    index            integer not null check (index >= -1),
    phase            smallint not null check (phase between 0 and 2),
    list_hash        bytea not null,
    total            bigint not null,
    boc              text,
    message_hash     text,
    seqno            bigint,
    valid_until      bigint,
    attempts         integer not null default 0,
    transaction_hash text,
    network_fee      bigint not null default 0,
    confirmed_at     timestamptz,
    primary key (pool_id, epoch, index),
    foreign key (pool_id, epoch) references settlements (pool_id, epoch)
);

create table settlement_payouts (
    pool_id        text not null,
    epoch          integer not null,
    payout_index   integer not null,
    batch          integer not null,
    participant    text not null,
    payout_address text not null,
    amount         bigint not null check (amount > 0),
    primary key (pool_id, epoch, payout_index),
    unique (pool_id, epoch, participant),
    foreign key (pool_id, epoch, batch) references settlement_messages (pool_id, epoch, index)
);
create index settlement_payouts_by_participant on settlement_payouts (pool_id, participant, epoch desc);

create table chain_cursors (
    pool_id      text not null,
    address      text not null,
    logical_time bigint not null,
    primary key (pool_id, address)
);

create table api_keys (
    pool_id    text not null,
    id         text not null,
    hash       bytea not null,
    role       text not null,
    subject    text not null,
    label      text not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    primary key (pool_id, id),
    unique (hash)
);

-- Opens every epoch up to the one that holds the moment. Two callers at once make the same rows.
create function open_epochs(pool text, moment timestamptz) returns void language plpgsql as $$
declare
    last_number integer;
    last_end    timestamptz;
    step        interval;
begin
    select duration into strict step from epoch_calendars where pool_id = pool for update;
    loop
        select number, ends_at into strict last_number, last_end from epochs where pool_id = pool order by number desc limit 1;
        exit when moment < last_end;
        insert into epochs (pool_id, number, starts_at, ends_at) values (pool, last_number + 1, last_end, last_end + step);
    end loop;
end $$;

-- The epoch that something which happened at a moment counts in: the one that holds the moment while it is open, else the
-- oldest open one (late). The row is locked against closing until the caller commits.
create function epoch_for(pool text, moment timestamptz, out epoch integer, out late boolean) language plpgsql as $$
begin
    select number, false into epoch, late from epochs
        where pool_id = pool and starts_at <= moment and moment < ends_at and phase = 0 for share;
    if found then
        return;
    end if;
    -- After the end of the last epoch: the calendar is behind, bring it up first.
    if moment >= (select max(ends_at) from epochs where pool_id = pool) then
        perform open_epochs(pool, moment);
        select number, false into strict epoch, late from epochs
            where pool_id = pool and starts_at <= moment and moment < ends_at for share;
        return;
    end if;
    select number, true into strict epoch, late from epochs
        where pool_id = pool and phase = 0 order by number limit 1 for share;
end $$;
