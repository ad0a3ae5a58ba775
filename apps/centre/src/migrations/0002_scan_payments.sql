-- When the runner must look at a scan payment again. A sweep over this index is the only timer there is: it survives
-- restarts, and SKIP LOCKED lets several nodes share the work.
alter table payment add column next_at timestamptz;
create index payment_due on payment (next_at) where next_at is not null;

-- Clients of the open API (online channel): bearer tokens, stored as hashes.
create table channel_client (
  token_hash text primary key,
  name text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
alter table channel_client enable row level security;
create policy system_only on channel_client to gridhall_app using (is_system()) with check (is_system());
grant select, insert, update on channel_client to gridhall_app;
