drop table pool_events, stake_releases, slashes, referrals;
alter table epoch_shares drop column referral_bonus;
alter table participants drop constraint reputation_in_bounds, drop column stake_held, drop column stake_leaving, drop column schedule, drop column next_payout_address,
    drop column next_payout_from, drop column claim_requested_at, drop column referrer, drop column suspended_because;
