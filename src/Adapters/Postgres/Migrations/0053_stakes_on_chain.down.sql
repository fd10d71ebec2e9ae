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
alter table slashes drop column execution, drop column revision;
drop table vault_payments, stake_signatures, stake_movements, stake_accounts;
