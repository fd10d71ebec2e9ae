-- Stake that is spoken for, payout settings, referrals, slashes, stake on its way out, and the journal of events.

alter table participants
    add column stake_held          bigint not null default 0,
    add column stake_leaving       bigint not null default 0,
    add column schedule            smallint not null default 0,
    add column next_payout_address text,
    add column next_payout_from    timestamptz,
    add column claim_requested_at  timestamptz,
    add column referrer            text,
    add column suspended_because   text,
    add constraint reputation_in_bounds check (reputation between 0 and 1000);

alter table epoch_shares add column referral_bonus bigint not null default 0 check (referral_bonus >= 0);

create table referrals (
    pool_id  text not null,
    referee  text not null,
    referrer text not null,
    named_at timestamptz not null default now(),
    primary key (pool_id, referee),
    check (referee <> referrer)
);
create index referrals_by_referrer on referrals (pool_id, referrer);

create table slashes (
    pool_id     text not null,
    id          text not null,
    participant text not null,
    offence     smallint not null,
    evidence    text not null,
    rate_bps    integer not null check (rate_bps between 1 and 10000),
    amount      bigint not null check (amount >= 0),
    opened_at   timestamptz not null,
    state       smallint not null check (state between 0 and 3),
    appeal      text,
    ruling      text,
    ended_at    timestamptz,
    primary key (pool_id, id),
    check ((state in (2, 3)) = (ended_at is not null))
);
create index slashes_by_participant on slashes (pool_id, participant, opened_at desc);

create table stake_releases (
    pool_id       text not null,
    participant   text not null,
    withdrawal_id text not null,
    recipient     text not null,
    amount        bigint not null check (amount > 0),
    wanted_at     timestamptz not null,
    transaction   text,
    paid_at       timestamptz,
    primary key (pool_id, participant, withdrawal_id)
);

create table pool_events (
    pool_id     text not null,
    id          text not null,
    sequence    bigint generated always as identity,
    at          timestamptz not null,
    type        text not null,
    participant text,
    data        jsonb not null,
    primary key (pool_id, id)
);
create index pool_events_by_participant on pool_events (pool_id, participant, sequence desc) where participant is not null;
create index pool_events_in_order on pool_events (pool_id, sequence);
