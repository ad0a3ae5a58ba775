-- An authenticator counts only after its figures were confirmed, and each of them only once (RFC 6238 §5.2).
alter table staff add column totp_pending text;
alter table staff add column totp_step bigint;
