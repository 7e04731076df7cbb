-- The fleet half of a host, and rollouts. Times are milliseconds since the epoch: deadlines are
-- compared with them. What is only ever read as a whole is JSON.

create table host_state (
  host_id          text primary key,          -- host.id
  name             text not null,
  labels_json      text not null,
  generation       integer not null,          -- of what it should run; never falls
  want             text not null,
  desired_digest   text not null,
  desired_release  text not null,
  commit_policy    text not null,
  report_json      text,                      -- the last one that counted
  last_seen        integer,
  previous_boot_id text,
  rollout_no       integer                    -- the last one that includes it
) without rowid;

create table rollout (
  rollout_no integer primary key,
  state      text not null,
  since      integer not null,
  reason     text not null,
  open_wave  integer not null,
  plan_json  text not null,
  created_at integer not null
);

create table rollout_host (
  rollout_no integer not null references rollout,
  host_id    text not null,
  state      text not null,
  json       text not null,
  primary key (rollout_no, host_id)
) without rowid;

create table verdict (
  host_id text not null,
  digest  text not null,
  kind    text not null,
  phase   text not null,
  reason  text not null,
  at      integer not null,
  primary key (host_id, digest)
) without rowid;

create table event (
  seq        integer primary key,
  at         integer not null,
  host_id    text,
  rollout_no integer,
  kind       text not null,
  text       text not null
);

create index event_of_rollout on event (rollout_no, seq);

create table controller_alive (
  id integer primary key check (id = 1),
  at integer not null                         -- when the controller last knew itself running
);
