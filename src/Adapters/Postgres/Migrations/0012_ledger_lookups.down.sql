drop index ledger_transfers_of_revenue;
create index ledger_transfers_by_credit on ledger_transfers (pool_id, credit, sequence);
create index ledger_transfers_by_debit on ledger_transfers (pool_id, debit, sequence);
create or replace function ledger_book() returns trigger language plpgsql set enable_seqscan = off as $$
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
