-- What stops a settlement is told to webhooks as well.
create or replace view happened as
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
