-- Where in the chain's history each day of payments begins, so that comparing a day does not read all days before it; the wallets that
-- were the operator's, whose coins are never revenue; and the payments in the books by the chain's time.

create table payment_days (
    pool_id            text not null,
    address            text not null,
    day                date not null,
    after_logical_time bigint not null,
    primary key (pool_id, address, day)
);

create table operator_wallets (
    pool_id  text not null,
    address  text not null,
    known_at timestamptz not null default now(),
    primary key (pool_id, address)
);

create index ledger_transfers_of_payments on ledger_transfers (pool_id, at) where kind in (1, 9);
