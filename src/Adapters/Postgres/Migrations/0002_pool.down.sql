drop table api_keys, chain_cursors, settlement_payouts, settlement_messages, settlements, ledger_transfers, ledger_accounts,
    epoch_tallies, uptime_marks, contributions, epoch_shares, epoch_bundles, epoch_calendars, epochs, workers, participants, pool_seats;
drop function open_epochs(text, timestamptz);
drop function epoch_for(text, timestamptz);
drop function refuse_change();
