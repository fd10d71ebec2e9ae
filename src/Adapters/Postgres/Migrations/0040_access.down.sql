drop table idempotent_requests, key_ring, used_challenges, sign_in_failures, refresh_tokens, sessions, account_recovery_codes, accounts;
