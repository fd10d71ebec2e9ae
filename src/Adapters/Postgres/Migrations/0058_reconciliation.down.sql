drop index ledger_transfers_of_payments;
drop table operator_wallets;
drop table payment_days;
