-- The rows that other rooms' tables gave the journal stay in it: they are true, and the way up passes over those that are there.
drop view happened;
create view happened as
    select pool_id, 'epoch_finalized' event, 'epoch_finalized/' || number event_key,
        json_build_object('epoch', number, 'revenue_nano', revenue::text, 'fee_nano', fee::text, 'participants', participants, 'bundle_hash', encode(bundle_hash, 'hex'))::text data
        from epochs where phase >= 2
    union all
    select pool_id, 'reward_distributed', 'reward_distributed/' || number, json_build_object('epoch', number, 'participants', participants)::text from epochs where phase = 4
    union all
    select pool_id, 'participant_registered', 'participant_registered/' || address, json_build_object('address', address)::text from participants
    union all
    select pool_id, 'approval_executed', 'approval_executed/' || id, json_build_object('id', id, 'kind', kind)::text from approvals where state = 2
    union all
    select pool_id, type, id, data::text from pool_events where type in ('settlement_underfunded', 'settlement_stopped', 'payout_held');
create index pool_events_by_type on pool_events (pool_id, type);

-- The version before knows what was told by its rows alone: what has happened until now counts as told.
insert into webhook_deliveries (pool_id, webhook_id, event_key, event, data, happened_at, next_at, finished_at, last_outcome)
    select h.pool_id, w.id, h.event_key, h.event, h.data, now(), now(), now(), 'happened before' from webhooks w join happened h on h.pool_id = w.pool_id and h.event = any(w.events)
    where w.removed_at is null
    on conflict do nothing;
alter table webhooks drop column told_until;
drop index pool_events_by_position, pool_events_without_position;
alter table pool_events drop column position;
