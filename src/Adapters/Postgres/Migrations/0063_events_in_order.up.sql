-- The journal of events is the one source of webhooks and feeds, in one order. An event gets its position once it is committed, by
-- whoever looks for new ones, one looker at a time: the sequence is drawn before the commit, so a reader who went by it could pass over
-- an event whose transaction took longer than the next one's.

-- What the old view knew last is told to who asked for it.
insert into webhook_deliveries (pool_id, webhook_id, event_key, event, data, happened_at, next_at)
    select h.pool_id, w.id, h.event_key, h.event, h.data, now(), now() from webhooks w join happened h on h.pool_id = w.pool_id and h.event = any(w.events)
    where w.removed_at is null
    on conflict do nothing;

-- What other rooms' tables say has happened goes into the journal; from now on their own statements write it there.
insert into pool_events (pool_id, id, at, type, participant, data)
    select pool_id, 'epoch_finalized/' || number, ends_at, 'epoch_finalized', null, jsonb_build_object(
        'epoch', number, 'revenue_nano', revenue::text, 'fee_nano', fee::text, 'participants', participants, 'bundle_hash', encode(bundle_hash, 'hex'))
        from epochs where phase >= 2
    union all
    select pool_id, 'reward_distributed/' || number, ends_at, 'reward_distributed', null, jsonb_build_object('epoch', number, 'participants', participants)
        from epochs where phase = 4
    union all
    select pool_id, 'approval_executed/' || id, execute_at, 'approval_executed', null, jsonb_build_object('id', id, 'kind', kind) from approvals where state = 2
    union all
    select pool_id, 'participant/' || address || '/registered', joined_at, 'participant_registered', address, jsonb_build_object('address', address, 'referrer', referrer)
        from participants
    union all
    select pool_id, 'slash/' || id || '/opened', opened_at, 'slash_opened', participant, jsonb_build_object(
        'id', id, 'offence', (array['downtime', 'invalid_attestation', 'malicious_result', 'forged_receipt'])[offence + 1], 'rate_bps', rate_bps, 'amount_nano', amount::text,
        'appeal_until', opened_at + interval '72 hours')
        from slashes
    union all
    select pool_id, 'slash/' || id || case state when 2 then '/final' else '/voided' end, ended_at, case state when 2 then 'slash_final' else 'slash_voided' end, participant,
        jsonb_build_object(
            'id', id, 'offence', (array['downtime', 'invalid_attestation', 'malicious_result', 'forged_receipt'])[offence + 1], 'rate_bps', rate_bps, 'amount_nano', amount::text,
            'appeal_until', opened_at + interval '72 hours')
        from slashes where state in (2, 3)
    on conflict do nothing;

alter table pool_events add column position bigint check (position > 0);
update pool_events e set position = n.position
    from (select pool_id, id, row_number() over (partition by pool_id order by at, sequence) as position from pool_events) n
    where n.pool_id = e.pool_id and n.id = e.id;
create unique index pool_events_by_position on pool_events (pool_id, position);
create index pool_events_without_position on pool_events (pool_id, sequence) where position is null;

-- A webhook is told of what comes after this position.
alter table webhooks add column told_until bigint not null default 0;
update webhooks w set told_until = coalesce((select max(position) from pool_events e where e.pool_id = w.pool_id), 0);
alter table webhooks alter column told_until drop default;
delete from webhook_deliveries where last_outcome = 'happened before';

-- What has happened, as it is told: the position is null until somebody looked.
drop view happened;
create view happened as
    select pool_id, position, id as event_key, type as event, at, participant,
        (case when participant is null then data else data || jsonb_build_object('participant_address', participant) end)::text as data
        from pool_events;
drop index pool_events_by_type;
