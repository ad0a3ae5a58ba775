-- Remote agent seats: agents and their states, calls as the sum of their events, policies, recordings, what was left
-- when nobody answered.

create table agent_group (
  group_id text primary key,
  unit_path ltree not null,
  title jsonb not null
);

-- One row an agent. `status` moves by compare-and-set on `epoch`; two nodes never reserve the same seat.
create table seat (
  seat_id text primary key references staff (staff_id),
  unit_path ltree not null,
  number text not null,
  groups text[] not null default '{}',
  skills jsonb not null default '{}',
  status jsonb not null,
  epoch bigint not null default 0,
  event_seq bigint not null default 0,
  signed_in_at timestamptz,
  busy_ms bigint not null default 0,
  last_offered_at timestamptz,
  -- the last sign of life of the agent's desk, by the node that holds its socket
  seen_at timestamptz
);
create index seat_unit on seat using gist (unit_path);

create table seat_event (
  seat_id text not null references seat,
  seq bigint not null,
  unit_path ltree not null,
  at_ms bigint not null,
  body jsonb not null,
  primary key (seat_id, seq)
);
create index seat_event_at on seat_event (at_ms);

create table routing_policy (
  policy_id text not null,
  version int not null,
  unit_path ltree not null,
  body jsonb not null,
  published_at timestamptz not null default now(),
  published_by text not null,
  withdrawn_at timestamptz,
  primary key (policy_id, version)
);

-- `state` is what the events add up to; `seq` is that of the last one: the compare-and-set of every change.
create table call (
  call_id text primary key,
  unit_path ltree not null,
  device_id text references device,
  journey_id text,
  account_no text,
  customer_key text not null,
  seq int not null,
  state jsonb not null,
  phase text not null,
  seat_id text,
  requested_at timestamptz not null,
  ended_at timestamptz,
  -- consent, recording, parties, note: what a node needs to take the call over from one that died
  live jsonb not null,
  node_id text,
  outcome text,
  note text not null default ''
);
create index call_recent on call (requested_at desc);
create index call_open on call (phase) where ended_at is null;
create index call_journey on call (journey_id) where journey_id is not null;
create index call_customer on call (customer_key, requested_at desc);
create index call_seat on call (seat_id) where ended_at is null;

create table call_event (
  call_id text not null references call,
  seq int not null,
  unit_path ltree not null,
  at_ms bigint not null,
  type text not null,
  body jsonb not null,
  primary key (call_id, seq)
);
create index call_event_at on call_event (at_ms);

-- Why routing decided as it did.
create table call_decision (
  call_id text not null references call,
  n bigint generated always as identity,
  unit_path ltree not null,
  at_ms bigint not null,
  body jsonb not null,
  primary key (call_id, n)
);

create table call_recording (
  recording_id text primary key,
  call_id text not null references call,
  unit_path ltree not null,
  directory text not null,
  node_id text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  state text not null check (state in ('running', 'complete', 'recovered', 'deleted')),
  bytes bigint not null default 0,
  files jsonb not null default '[]',
  delete_after timestamptz not null
);
create index call_recording_call on call_recording (call_id);
create index call_recording_due on call_recording (delete_after) where state <> 'deleted';

create table left_message (
  message_id text primary key,
  call_id text not null references call,
  unit_path ltree not null,
  kind text not null check (kind in ('callback', 'message')),
  phone text,
  topic text,
  left_at timestamptz not null default now(),
  done_at timestamptz,
  done_by text,
  result text
);
create index left_message_open on left_message (left_at) where done_at is null;

-- A need that a person has to go for (D1): opened from a call here, dispatched later.
create table work_order (
  order_id text primary key,
  unit_path ltree not null,
  call_id text references call,
  type text not null,
  urgency text not null,
  place text not null,
  contact_phone text,
  detail text not null,
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'done', 'cancelled')),
  opened_at timestamptz not null default now(),
  opened_by text not null
);
create index work_order_open on work_order (opened_at desc);

-- Centre nodes that live, and which of them routes calls at present.
create table centre_node (
  node_id text primary key,
  seen_at timestamptz not null
);
create table lease (
  name text primary key,
  node_id text not null,
  epoch bigint not null,
  expires_at timestamptz not null
);

grant select, insert on agent_group, seat, seat_event, routing_policy, call, call_event, call_decision, call_recording,
  left_message, work_order, centre_node, lease to gridhall_app;
grant update on agent_group, seat, routing_policy, call, call_recording, left_message, work_order, centre_node, lease
  to gridhall_app;
grant delete on centre_node to gridhall_app;

create trigger seat_event_append_only before update or delete or truncate on seat_event
  for each statement execute function refuse_change();
create trigger call_event_append_only before update or delete or truncate on call_event
  for each statement execute function refuse_change();
create trigger call_decision_append_only before update or delete or truncate on call_decision
  for each statement execute function refuse_change();

do $$
declare t text;
begin
  foreach t in array array['agent_group', 'seat', 'seat_event', 'routing_policy', 'call', 'call_event', 'call_decision',
    'call_recording', 'left_message', 'work_order']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy scope on %I to gridhall_app using (in_scope(unit_path)) with check (in_scope(unit_path))', t);
  end loop;
  foreach t in array array['centre_node', 'lease']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system_only on %I to gridhall_app using (is_system()) with check (is_system())', t);
  end loop;
end $$;
