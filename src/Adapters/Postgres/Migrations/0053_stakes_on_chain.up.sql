-- Stake accounts as the chain shows them, what the pool signed for them, and what vaults forwarded.

create table stake_accounts (
    pool_id         text not null,
    participant     text not null,
    logical_time    bigint not null,
    stake           bigint not null check (stake >= 0),
    withdrawal      bigint not null check (withdrawal >= 0),
    unlocks_at      timestamptz,
    suspended_until timestamptz,
    primary key (pool_id, participant)
);

-- Every movement of a stake, once, in the order of the account's transactions.
create table stake_movements (
    pool_id      text not null,
    participant  text not null,
    logical_time bigint not null,
    transaction  text not null,
    kind         smallint not null check (kind between 0 and 4),
    amount       bigint not null check (amount >= 0),
    slash_number numeric(20),
    stake_after  bigint not null check (stake_after >= 0),
    at           timestamptz not null,
    primary key (pool_id, participant, logical_time)
);

-- At most one signature for each aim: the row is replaced only when the one before it can never land any more.
create table stake_signatures (
    pool_id      text not null,
    command_id   text not null,
    boc          text not null,
    message_hash text not null,
    seqno        bigint not null,
    valid_until  bigint not null,
    signer       text,
    primary key (pool_id, command_id)
);

alter table slashes
    add column revision  integer not null default 0,
    add column execution text;

-- The Cocoon payouts behind revenue lines: the query id joins each to its worker's tokens.
create table vault_payments (
    pool_id       text not null,
    transaction   text not null,
    worker        text not null,
    query_id      numeric(20) not null,
    cocoon_payout boolean not null,
    paid_by       text not null,
    amount        bigint not null check (amount > 0),
    epoch         integer not null,
    at            timestamptz not null,
    primary key (pool_id, transaction)
);
create index vault_payments_by_worker on vault_payments (pool_id, worker, at desc);

-- Nobody pays stakes back by hand any more.
drop table stake_releases;
