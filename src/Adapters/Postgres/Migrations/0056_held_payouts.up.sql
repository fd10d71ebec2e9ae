-- Entries of an epoch that are not sent but held: withheld, or to be claimed on chain; what keeps a settlement from going on; and whose
-- payouts are stopped.

alter table epoch_shares add column to_claim boolean not null default false;

alter table settlements
    add column claim_from    integer,
    add column alert_code    text,
    add column alert         text,
    add column alerted_since timestamptz,
    add constraint alert_whole check ((alert_code is null) = (alert is null) and (alert_code is null) = (alerted_since is null));
update settlements set claim_from = payout_count;
alter table settlements alter column claim_from set not null;

-- Messages -2 and down release entries for claiming; phase 3 is a batch that was given up for others.
alter table settlement_messages
    drop constraint settlement_messages_index_check,
    drop constraint settlement_messages_phase_check,
    add constraint settlement_messages_index_check check (index between -65536 and 65535),
    add constraint settlement_messages_phase_check check (phase between 0 and 3),
    add column signer   text,
    add column in_doubt boolean not null default false;

-- The batch is the message that pays the entry, or that makes it claimable; a withheld entry has none.
alter table settlement_payouts
    alter column batch drop not null,
    add column held             smallint check (held between 0 and 3),
    add column hold_reason      smallint check (hold_reason between 0 and 3),
    add column hold_detail      text,
    add column claim_transaction text,
    add column claimed_at       timestamptz,
    add constraint hold_whole check ((held is null) = (hold_reason is null) and (held is not null or batch >= 0) and (held is distinct from 0 or batch is null)
        and (held is null or held = 0 or batch < 0) and ((held is not distinct from 3) = (claim_transaction is not null)));
create index settlement_payouts_open_holds on settlement_payouts (pool_id, epoch, payout_index) where held < 3;
create index settlement_payouts_by_batch on settlement_payouts (pool_id, epoch, batch);

create table payout_freezes (
    pool_id     text not null,
    participant text not null,
    frozen_at   timestamptz not null,
    reason      text not null check (length(reason) between 1 and 200),
    frozen_by   text not null,
    lifted_at   timestamptz,
    lifted_by   text,
    primary key (pool_id, participant, frozen_at),
    check ((lifted_at is null) = (lifted_by is null))
);
create unique index payout_freezes_in_force on payout_freezes (pool_id, participant) where lifted_at is null;
