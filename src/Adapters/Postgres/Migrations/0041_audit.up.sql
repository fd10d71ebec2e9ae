-- Who did what. Append-only and hash-chained for each pool; one partition a month, so that retention drops whole months.

create table audit_log (
    pool_id       text not null,
    sequence      bigint not null check (sequence > 0),
    at            timestamptz not null,
    actor         text not null,
    role          text not null,
    action        text not null,
    object        text not null,
    source        text not null,
    success       boolean not null,
    request_id    text not null,
    before        text,
    after         text,
    previous_hash bytea not null check (length(previous_hash) = 32),
    hash          bytea not null check (length(hash) = 32),
    primary key (pool_id, sequence, at)
) partition by range (at);

create table audit_heads (
    pool_id  text primary key,
    sequence bigint not null,
    hash     bytea not null
);

-- Where the kept part of the log begins: the last line that retention removed.
create table audit_anchors (
    pool_id    text primary key,
    sequence   bigint not null,
    hash       bytea not null,
    removed_at timestamptz not null
);

create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function refuse_change();

create function audit_partition(moment timestamptz) returns void language plpgsql as $$
declare
    month timestamp := date_trunc('month', moment at time zone 'UTC');
    name  text := 'audit_log_' || to_char(month, 'YYYY_MM');
begin
    perform pg_advisory_xact_lock(hashtext('audit_partition'));
    if to_regclass(name) is null then
        execute format('create table %I partition of audit_log for values from (%L) to (%L)',
            name, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
        -- A statement that names the partition would not meet the parent's trigger.
        execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_change()', name);
    end if;
end $$;

-- Drops the months that ended before a moment, and writes down where the chain goes on.
create function audit_drop_before(moment timestamptz) returns integer language plpgsql as $$
declare
    partition record;
    dropped   integer := 0;
begin
    for partition in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'audit_log'::regclass
            and (to_date(substr(c.relname, 11), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= moment
        order by c.relname
    loop
        execute format(
            'insert into audit_anchors select distinct on (pool_id) pool_id, sequence, hash, %L::timestamptz from %I order by pool_id, sequence desc
             on conflict (pool_id) do update set sequence = excluded.sequence, hash = excluded.hash, removed_at = excluded.removed_at
             where audit_anchors.sequence < excluded.sequence', moment, partition.relname);
        execute format('drop table %I', partition.relname);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
