-- The rules of the books for every client of the database: balances are made from the transfers and by nothing else, the chain has
-- no gap and no wrong hash, and a reservation ends as it was made. The pool's own code checks the same before it writes.

-- 1 for accounts that grow by a debit (what the pool has), -1 for those that grow by a credit (what it owes and has earned).
create function ledger_side(account text) returns integer language sql immutable parallel safe as
    $$ select case when account like 'chain:%' or account = 'network:fees' then 1 else -1 end $$;

alter table ledger_accounts
    add constraint ledger_accounts_known check (
        name in ('chain:distribution', 'chain:stake', 'chain:hot-wallet', 'operator:fees', 'slash:pending', 'treasury', 'burned', 'settlement:in-flight', 'network:fees')
        or name like 'participant:_%:rewards' or name like 'participant:_%:stake' or name like 'client:_%' or name like 'revenue:_%' or name like 'chain:vault:_%'),
    add constraint ledger_accounts_negative check (may_be_negative = (name = 'chain:hot-wallet'));
-- A balance changes with each group of transfers; the room lets it change in place.
alter table ledger_accounts set (fillfactor = 80);
alter table ledger_transfers
    add constraint ledger_transfers_whole_milliseconds check (date_trunc('milliseconds', at) = at);

-- Plans are kept for a session: one that was made while the tables were small must not read them whole when they are large.
create function ledger_book() returns trigger language plpgsql set enable_seqscan = off as $$
declare
    wrong record;
begin
    -- The chain: each line follows the one before it, in the table or in this statement, and its hash is over that one's.
    select sequence, id into wrong from (
        select l.*,
            coalesce(
                lag(l.hash) over chain,
                (select p.hash from ledger_transfers p where p.pool_id = l.pool_id and p.sequence = l.sequence - 1),
                case when l.sequence = 1 then decode(repeat('00', 32), 'hex') end) as head,
            coalesce(lag(l.sequence) over chain, l.sequence - 1) as before
        from added l window chain as (partition by l.pool_id order by l.sequence)) line
    where before <> sequence - 1 or head is null or previous_hash <> head
        or hash <> sha256(previous_hash || convert_to(
            concat(sequence, E'\n', id, E'\n', action, E'\n', debit, E'\n', credit, E'\n', amount, E'\n', kind, E'\n', reference, E'\n',
                (extract(epoch from at) * 1000)::bigint, E'\n', reservation, E'\n'), 'UTF8'))
    limit 1;
    if found then
        raise exception 'transfer % (%) does not continue the hash chain', wrong.sequence, wrong.id using errcode = 'integrity_constraint_violation';
    end if;

    -- By its id, one look-up each: the history of a busy account would be another way to the same line, and a long one.
    select e.sequence, e.id into wrong from added e
        left join lateral (select * from ledger_transfers where pool_id = e.pool_id and id = e.reservation limit 1) r on true
        where e.reservation is not null and (r.id is null or r.action <> 1 or r.debit <> e.debit or r.credit <> e.credit
            or r.amount <> e.amount or r.sequence >= e.sequence)
        limit 1;
    if found then
        raise exception 'transfer % (%) ends no reservation like it', wrong.sequence, wrong.id using errcode = 'integrity_constraint_violation';
    end if;

    -- Nobody else can be here for this pool: two writers at once would both need the next sequence, and one waits at the primary key.
    insert into ledger_accounts as a (pool_id, name, balance, reserved, may_be_negative)
        select change.pool_id, change.name, coalesce(known.balance, 0) + change.balance, coalesce(known.reserved, 0) + change.reserved,
            change.name = 'chain:hot-wallet'
        from (
            select pool_id, name, sum(balance)::bigint as balance, sum(reserved)::bigint as reserved
            from (
                select pool_id, debit as name,
                    case when action in (0, 2) then amount * ledger_side(debit) else 0 end as balance,
                    case when ledger_side(debit) = 1 or action = 0 then 0 when action = 1 then amount else -amount end as reserved
                from added
                union all
                select pool_id, credit,
                    case when action in (0, 2) then -amount * ledger_side(credit) else 0 end,
                    case when ledger_side(credit) = -1 or action = 0 then 0 when action = 1 then amount else -amount end
                from added) effect
            group by pool_id, name) change
        left join lateral (select balance, reserved from ledger_accounts where pool_id = change.pool_id and name = change.name limit 1) known on true
        on conflict (pool_id, name) do update set balance = excluded.balance, reserved = excluded.reserved;
    return null;
end $$;
create trigger ledger_transfers_book after insert on ledger_transfers
    referencing new table as added for each statement execute function ledger_book();

-- Depth 1 is a client's own statement; the booking above writes at depth 2.
create function refuse_direct_balance() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() < 2 or tg_op in ('DELETE', 'TRUNCATE') then
        raise exception 'balances follow from ledger_transfers and are never written' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger ledger_accounts_follow_transfers before insert or update or delete or truncate on ledger_accounts
    for each statement execute function refuse_direct_balance();
