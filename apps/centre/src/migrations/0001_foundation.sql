-- Foundation: the organisation, devices and their link, the back office's books, money, staff, audit.
-- Every table that belongs to a unit carries unit_path and is bound by row-level security for the application's role.

create extension if not exists ltree;

-- '*' is the system itself; otherwise a comma-separated list of unit paths. Unset: nothing is visible.
create function in_scope(path ltree) returns boolean language sql stable parallel safe as $$
  -- case, not or: '*' must never be parsed as a path
  select case current_setting('gridhall.scope', true)
    when '*' then true
    when '' then false
    else coalesce(path <@ any (string_to_array(current_setting('gridhall.scope', true), ',')::ltree[]), false)
  end
$$;

create function is_system() returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('gridhall.scope', true) = '*', false)
$$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: corrections are new rows', tg_table_name using errcode = 'restrict_violation';
end $$;

create table unit (
  unit_id text primary key,
  path ltree not null unique,
  kind text not null check (kind in ('province', 'city', 'county', 'station', 'hall')),
  name_zh text not null,
  name_en text not null,
  latitude double precision,
  longitude double precision,
  address_zh text
);
create index unit_path on unit using gist (path);

create table device (
  device_id text primary key,
  unit_path ltree not null,
  kind text not null check (kind in ('kiosk', 'hall')),
  name_zh text not null,
  name_en text not null,
  profile text not null,
  created_at timestamptz not null default now(),
  enrolled_at timestamptz,
  certificate_serial text unique,
  certificate_expires_at timestamptz,
  revoked_at timestamptz,
  revoked_reason text,
  -- rises with each command; a device refuses a token that is not above the last it accepted
  fencing_token bigint not null default 0
);
create index device_unit on device using gist (unit_path);

create table enrolment_code (
  code_hash text primary key,
  device_id text not null references device,
  unit_path ltree not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table device_presence (
  device_id text primary key references device,
  unit_path ltree not null,
  session bigint not null,
  online boolean not null,
  changed_at timestamptz not null,
  last_seen_at timestamptz not null
);

create table device_status (
  device_id text primary key references device,
  unit_path ltree not null,
  received_at timestamptz not null,
  reported_at timestamptz not null,
  body jsonb not null
);

-- The centre's high-water mark of each lane: the row lock on it makes an event's effect happen exactly once.
create table inbox_mark (
  device_id text not null,
  epoch text not null,
  lane text not null,
  seq bigint not null,
  primary key (device_id, epoch, lane)
);

create table trace (
  device_id text not null,
  epoch text not null,
  lane text not null,
  seq bigint not null,
  unit_path ltree not null,
  type text not null,
  journey_id text,
  wall_at timestamptz not null,
  boot_id text not null,
  mono_ms bigint not null,
  received_at timestamptz not null default now(),
  -- arrived so late that it tells of the past
  historic boolean not null,
  body jsonb not null
) partition by range (received_at);
create index trace_journey on trace (journey_id, seq) where journey_id is not null;
create index trace_device on trace (device_id, received_at desc);
create index trace_received on trace using brin (received_at);

-- Monthly partitions, made ahead of time. Owner's rights: the application's role creates no tables.
create function ensure_trace_partitions() returns void language plpgsql security definer set search_path = public as $$
declare
  month date := date_trunc('month', now() - interval '1 month')::date;
begin
  for i in 0..3 loop
    execute format('create table if not exists %I partition of trace for values from (%L) to (%L)',
      'trace_' || to_char(month, 'YYYYMM'), month, (month + interval '1 month')::date);
    month := (month + interval '1 month')::date;
  end loop;
end $$;
select ensure_trace_partitions();
create table trace_rest partition of trace default;

create table journey (
  journey_id text primary key,
  device_id text not null references device,
  unit_path ltree not null,
  service_id text not null,
  service_version int not null,
  started_at timestamptz not null,
  last_event_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  page text,
  account_no text,
  language text,
  events int not null default 0
);
create index journey_recent on journey (started_at desc);
create index journey_device on journey (device_id, started_at desc);

create table command (
  command_id text primary key,
  device_id text not null references device,
  unit_path ltree not null,
  type text not null,
  body jsonb not null,
  fencing_token bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  created_by text not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'failed', 'expired', 'refused')),
  result text,
  finished_at timestamptz
);
create index command_pending on command (device_id, fencing_token) where state = 'pending';

-- The reference back office ------------------------------------------------------------------------------------------

create table account (
  account_no text primary key,
  unit_path ltree not null,
  kind text not null,
  holder jsonb not null,
  id_no text not null,
  phone text not null,
  address text not null,
  opened_on date not null,
  state text not null,
  plan jsonb not null,
  prepaid_fen bigint not null default 0 check (prepaid_fen >= 0)
);
create index account_id_no on account (id_no);
create index account_phone on account (phone);
create index account_unit on account using gist (unit_path);

create table meter (
  meter_no text primary key,
  account_no text not null references account,
  unit_path ltree not null,
  body jsonb not null
);
create index meter_account on meter (account_no);

create table reading (
  account_no text not null references account,
  meter_no text not null,
  unit_path ltree not null,
  read_on date not null,
  body jsonb not null,
  primary key (meter_no, read_on)
);

create table bill (
  bill_id text primary key,
  account_no text not null references account,
  unit_path ltree not null,
  month text not null,
  issued_on date not null,
  due_on date not null,
  total_fen bigint not null,
  paid_fen bigint not null default 0,
  late_paid_fen bigint not null default 0,
  body jsonb not null,
  check (paid_fen between 0 and total_fen)
);
create index bill_account on bill (account_no, month);
create index bill_unpaid on bill (account_no) where paid_fen < total_fen;

create table payment_record (
  receipt_no text primary key,
  account_no text not null references account,
  unit_path ltree not null,
  paid_at timestamptz not null,
  channel text not null,
  amount_fen bigint not null,
  applied jsonb not null,
  prepay_fen bigint not null,
  intent_id text unique
);
create index payment_record_account on payment_record (account_no, paid_at desc);

-- Money --------------------------------------------------------------------------------------------------------------

create table payment (
  intent_id text primary key,
  device_id text references device,
  journey_id text,
  unit_path ltree not null,
  account_no text not null references account,
  channel text not null check (channel in ('kiosk', 'online')),
  tender text not null,
  due jsonb not null,
  due_fen bigint not null,
  -- hash of the parameters: the same intent with others is an error
  parameters_sha256 text not null,
  state text not null,
  received_fen bigint not null default 0,
  dispensed_fen bigint not null default 0,
  case_fen bigint not null default 0,
  allocation jsonb,
  saga jsonb,
  provider_reference text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  settled_at timestamptz
);
create index payment_recent on payment (created_at desc);
create index payment_unit on payment using gist (unit_path);
create index payment_open on payment (updated_at) where settled_at is null;

create table payment_step (
  intent_id text not null references payment,
  n int not null,
  unit_path ltree not null,
  at timestamptz not null default now(),
  kind text not null,
  body jsonb not null,
  primary key (intent_id, n)
);

-- Double entry, append-only. The transfer id is derived from what caused it, so that a repetition is the same row.
create table ledger_transfer (
  transfer_id text primary key,
  intent_id text not null,
  unit_path ltree not null,
  posted_at timestamptz not null default now(),
  debit text not null,
  credit text not null,
  amount_fen bigint not null check (amount_fen > 0),
  kind text not null,
  check (debit <> credit)
);
create index ledger_intent on ledger_transfer (intent_id);
create index ledger_posted on ledger_transfer (posted_at);
create index ledger_debit on ledger_transfer (debit, posted_at);
create index ledger_credit on ledger_transfer (credit, posted_at);
create trigger ledger_append_only before update or delete or truncate on ledger_transfer
  for each statement execute function refuse_change();

-- A pending transfer is posted or voided exactly once.
create table ledger_pending (
  transfer_id text primary key,
  intent_id text not null,
  unit_path ltree not null,
  created_at timestamptz not null default now(),
  debit text not null,
  credit text not null,
  amount_fen bigint not null check (amount_fen > 0)
);
create table ledger_resolution (
  transfer_id text primary key references ledger_pending,
  unit_path ltree not null,
  resolved_at timestamptz not null default now(),
  outcome text not null check (outcome in ('posted', 'voided'))
);
create trigger pending_append_only before update or delete or truncate on ledger_pending
  for each statement execute function refuse_change();
create trigger resolution_append_only before update or delete or truncate on ledger_resolution
  for each statement execute function refuse_change();

create table open_case (
  case_id text primary key,
  intent_id text,
  unit_path ltree not null,
  kind text not null,
  amount_fen bigint not null,
  state text not null default 'open' check (state in ('open', 'in-progress', 'closed')),
  opened_at timestamptz not null default now(),
  assignee text,
  outcome text,
  closed_at timestamptz,
  detail jsonb not null default '{}'
);
create index open_case_state on open_case (state, opened_at desc);
create table open_case_note (
  case_id text not null references open_case,
  n int not null,
  unit_path ltree not null,
  at timestamptz not null default now(),
  author text not null,
  text text not null,
  primary key (case_id, n)
);

-- Counts of a kiosk's cash units as the device reported them, and as a person counted them.
create table cash_count (
  count_id text primary key,
  device_id text not null references device,
  unit_path ltree not null,
  at timestamptz not null,
  source text not null check (source in ('device', 'person')),
  counted_by text,
  stacked_total_fen bigint not null,
  dispensed_total_fen bigint not null,
  body jsonb not null
);
create index cash_count_device on cash_count (device_id, at desc);

create table reconciliation_run (
  run_id text primary key,
  day date not null,
  kind text not null check (kind in ('wechat', 'alipay', 'cash')),
  unit_path ltree not null,
  ran_at timestamptz not null default now(),
  ours_fen bigint not null,
  theirs_fen bigint not null,
  ours_count int not null,
  theirs_count int not null,
  differences int not null,
  body jsonb not null default '{}'
);
create index reconciliation_day on reconciliation_run (day desc, kind);
create table reconciliation_difference (
  run_id text not null references reconciliation_run,
  n int not null,
  unit_path ltree not null,
  kind text not null,
  intent_id text,
  device_id text,
  ours_fen bigint,
  theirs_fen bigint,
  explanation text not null,
  case_id text references open_case,
  primary key (run_id, n)
);

-- Staff and audit ----------------------------------------------------------------------------------------------------

create table staff (
  staff_id text primary key,
  login text not null unique,
  name_zh text not null,
  name_en text not null,
  unit_path ltree not null,
  password_hash text not null,
  totp_secret text,
  disabled_at timestamptz,
  failed_sign_ins int not null default 0,
  locked_until timestamptz
);
create table staff_role (
  staff_id text not null references staff,
  role text not null,
  unit_path ltree not null,
  primary key (staff_id, role, unit_path)
);
create table staff_session (
  token_hash text primary key,
  staff_id text not null references staff,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  address text,
  user_agent text
);

create table audit (
  unit_path ltree not null,
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  previous_hash text not null,
  hash text not null,
  primary key (unit_path, seq)
);
create index audit_at on audit (at desc);
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
create table audit_head (
  unit_path ltree not null,
  seq bigint not null,
  hash text not null,
  signed_at timestamptz not null,
  signature text not null,
  primary key (unit_path, seq)
);
create trigger audit_head_append_only before update or delete or truncate on audit_head
  for each statement execute function refuse_change();

-- Small facts of the installation: keys, the demo's seed, the day of the last job.
create table setting (key text primary key, value jsonb not null);

-- The application's role: what it may do at all, and row by row.
grant usage on schema public to gridhall_app;
grant select, insert on all tables in schema public to gridhall_app;
grant update on device, enrolment_code, device_presence, device_status, inbox_mark, journey, command, account, bill,
  payment, open_case, staff, staff_session, setting to gridhall_app;
grant delete on staff_session, staff_role to gridhall_app;
revoke all on migration from gridhall_app;

do $$
declare t text;
begin
  foreach t in array array['device', 'device_presence', 'device_status', 'trace', 'journey', 'command',
    'account', 'meter', 'reading', 'bill', 'payment_record', 'payment', 'payment_step', 'ledger_transfer',
    'ledger_pending', 'ledger_resolution', 'open_case', 'open_case_note', 'cash_count', 'reconciliation_run',
    'reconciliation_difference', 'staff', 'staff_role', 'audit', 'audit_head']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy scope on %I to gridhall_app using (in_scope(unit_path)) with check (in_scope(unit_path))', t);
  end loop;
  -- These belong to the system alone.
  foreach t in array array['enrolment_code', 'inbox_mark', 'staff_session', 'setting']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system_only on %I to gridhall_app using (is_system()) with check (is_system())', t);
  end loop;
end $$;
-- Names of units are no secret among staff: the tree is readable, never writable, for a scoped reader.
alter table unit enable row level security;
create policy readable on unit for select to gridhall_app using (is_system() or coalesce(current_setting('gridhall.scope', true), '') <> '');
create policy system_writes on unit for insert to gridhall_app with check (is_system());
