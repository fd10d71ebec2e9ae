-- What is held can not be told by the older tables: it must be claimed or corrected first.
do $$ begin
    if exists (select 1 from settlement_payouts where held is not null) or exists (select 1 from settlement_messages where index < -1 or phase > 2) then
        raise exception 'there are held payouts or replaced batches, which the older schema cannot keep';
    end if;
end $$;
drop table payout_freezes;
drop index settlement_payouts_by_batch;
alter table settlement_payouts
    drop column held, drop column hold_reason, drop column hold_detail, drop column claim_transaction, drop column claimed_at,
    alter column batch set not null;
alter table settlement_messages
    drop constraint settlement_messages_index_check,
    drop constraint settlement_messages_phase_check,
    add constraint settlement_messages_index_check check (index >= -1),
    add constraint settlement_messages_phase_check check (phase between 0 and 2),
    drop column signer, drop column in_doubt;
alter table settlements drop column claim_from, drop column alert_code, drop column alert, drop column alerted_since;
alter table epoch_shares drop column to_claim;
