drop trigger ledger_accounts_follow_transfers on ledger_accounts;
drop trigger ledger_transfers_book on ledger_transfers;
drop function refuse_direct_balance();
drop function ledger_book();
alter table ledger_transfers drop constraint ledger_transfers_whole_milliseconds;
alter table ledger_accounts reset (fillfactor);
alter table ledger_accounts drop constraint ledger_accounts_known, drop constraint ledger_accounts_negative;
drop function ledger_side(text);
