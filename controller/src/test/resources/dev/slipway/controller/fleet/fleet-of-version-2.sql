-- The database of a controller of the second version, in which what is known of a host in a rollout
-- was one flat object: r1 is over, r2 is under way.
create table controller_alive (
  id integer primary key check (id = 1),
  at integer not null
);
insert into controller_alive values (1,1767225638750);
create table event (
  seq        integer primary key,
  at         integer not null,
  host_id    text,
  rollout_no integer,
  kind       text not null,
  text       text not null
);
create table host (
  host_no      integer primary key,
  id           text not null unique,
  name         text not null unique,
  machine_id   text not null,
  key_sha256   text not null unique,
  token_sha256 text not null,
  labels_json  text not null,
  enrolled_at  integer not null,
  revoked_at   integer
);
insert into host values (1,'11111111-1111-1111-1111-111111111111','web1','m1','k1','t','{"rack":"r1"}',1767225600,NULL);
insert into host values (2,'22222222-1111-1111-1111-111111111111','web2','m2','k2','t','{"rack":"r1"}',1767225600,NULL);
insert into host values (3,'33333333-1111-1111-1111-111111111111','web3','m3','k3','t','{"rack":"r1"}',1767225600,NULL);
insert into host values (4,'44444444-1111-1111-1111-111111111111','web4','m4','k4','t','{"rack":"r1"}',1767225600,NULL);
insert into host values (5,'55555555-1111-1111-1111-111111111111','web5','m5','k5','t','{"rack":"r1"}',1767225600,NULL);
insert into host values (6,'66666666-1111-1111-1111-111111111111','web6','m6','k6','t','{"rack":"r1"}',1767225600,NULL);
create table host_state (
  host_id          text primary key,
  name             text not null,
  labels_json      text not null,
  generation       integer not null,
  want             text not null,
  desired_digest   text not null,
  desired_release  text not null,
  commit_policy    text not null,
  report_json      text,
  last_seen        integer,
  previous_boot_id text,
  rollout_no       integer
) without rowid;
insert into host_state values ('11111111-1111-1111-1111-111111111111','web1','{"rack":"r1"}',6,'IDLE','sha256:3333333333333333333333333333333333333333333333333333333333333333','web:3','TRUST','{"seq":1,"bootId":"boot1xx","generation":5,"runningSlot":"slot1","mode":"warmtrial","why":"","transaction":"","defaultSlot":"slot1","trySlot":"","slots":[{"name":"slot1","state":"ready","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333","release":"web:3"},{"name":"slot2","state":"ready","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","release":"web:2"}],"phase":"GOOD","proof":"WARM","failure":null,"checks":[],"agentVersion":"0.1"}',1767225627750,'boot1x',2);
insert into host_state values ('22222222-1111-1111-1111-111111111111','web2','{"rack":"r1"}',5,'SWITCH','sha256:3333333333333333333333333333333333333333333333333333333333333333','web:3','TRUST','{"seq":2,"bootId":"boot2x","generation":4,"runningSlot":"slot2","mode":"warmtrial","why":"","transaction":"","defaultSlot":"slot2","trySlot":"","slots":[{"name":"slot1","state":"ready","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333","release":"web:3"},{"name":"slot2","state":"ready","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","release":"web:2"}],"phase":"STAGED","proof":"WARM","failure":null,"checks":[],"agentVersion":"0.1"}',1767225629125,'boot2',2);
insert into host_state values ('33333333-1111-1111-1111-111111111111','web3','{"rack":"r1"}',2,'SWITCH','sha256:3333333333333333333333333333333333333333333333333333333333333333','web:3','TRUST','{"seq":4,"bootId":"boot3","generation":2,"runningSlot":"slot1","mode":"committed","why":"","transaction":"","defaultSlot":"slot1","trySlot":"","slots":[{"name":"slot1","state":"ready","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1"},{"name":"slot2","state":"ready","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333","release":"web:3"}],"phase":"STAGED","proof":"COLD","failure":null,"checks":[],"agentVersion":"0.1"}',1767225637375,NULL,2);
insert into host_state values ('44444444-1111-1111-1111-111111111111','web4','{"rack":"r1"}',1,'STAGE','sha256:3333333333333333333333333333333333333333333333333333333333333333','web:3','TRUST','{"seq":1,"bootId":"boot4","generation":0,"runningSlot":"slot1","mode":"committed","why":"","transaction":"","defaultSlot":"slot1","trySlot":"","slots":[{"name":"slot1","state":"ready","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1"},{"name":"slot2","state":"empty","digest":"","release":""}],"phase":"IDLE","proof":"COLD","failure":null,"checks":[],"agentVersion":"0.1"}',1767225609875,NULL,2);
insert into host_state values ('55555555-1111-1111-1111-111111111111','web5','{"rack":"r1"}',3,'IDLE','sha256:1111111111111111111111111111111111111111111111111111111111111111','web:1','TRUST','{"seq":1,"bootId":"boot5xx","generation":2,"runningSlot":"slot1","mode":"committed","why":"","transaction":"","defaultSlot":"slot1","trySlot":"","slots":[{"name":"slot1","state":"ready","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1"},{"name":"slot2","state":"ready","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333","release":"web:3"}],"phase":"ROLLEDBACK","proof":"COLD","failure":{"phase":"checking","reason":"health:web","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333"},"checks":[],"agentVersion":"0.1"}',1767225633250,'boot5x',2);
insert into host_state values ('66666666-1111-1111-1111-111111111111','web6','{"rack":"r1"}',0,'IDLE','','','NEXT_NATURAL','{"seq":1,"bootId":"boot6","generation":0,"runningSlot":"slot1","mode":"committed","why":"","transaction":"","defaultSlot":"slot1","trySlot":"","slots":[{"name":"slot1","state":"ready","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1"},{"name":"slot2","state":"empty","digest":"","release":""}],"phase":"IDLE","proof":"COLD","failure":null,"checks":[],"agentVersion":"0.1"}',1767225615375,NULL,2);
create table join_token (
  sha256      text primary key,
  labels_json text not null,
  uses_left   integer not null check (uses_left >= 0),
  created_at  integer not null,
  expires_at  integer not null
) without rowid;
create table release (
  digest         text primary key,
  name           text not null,
  version        text not null,
  tree_digest    text not null,
  kernel_version text not null,
  size_bytes     integer not null,
  published_at   integer not null,
  unique (name, version)
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
insert into rollout values (1,'SUCCEEDED',1767225623625,'2 of 2 hosts run web:2',1,'{"release":"web:2","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","selector":"all","canary":true,"waves":2,"maxFailed":1,"maxSwitching":2,"stageTimeout":600.000000000,"switchTimeout":300.000000000,"commit":"TRUST","author":"op"}',1767225616750);
insert into rollout values (2,'RUNNING',1767225625000,'',1,'{"release":"web:3","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333","selector":"all","canary":false,"waves":3,"maxFailed":1,"maxSwitching":2,"stageTimeout":600.000000000,"switchTimeout":300.000000000,"commit":"TRUST","author":"op"}',1767225625000);
create table rollout_host (
  rollout_no integer not null references rollout,
  host_id    text not null,
  state      text not null,
  json       text not null,
  primary key (rollout_no, host_id)
) without rowid;
insert into rollout_host values (1,'11111111-1111-1111-1111-111111111111','COMMITTED','{"host":{"value":"11111111-1111-1111-1111-111111111111"},"wave":0,"state":"COMMITTED","since":1767225619.500000000,"direction":"FORWARD","from":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"leaving":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"deadline":null,"bootIdBefore":"boot1","proof":"WARM","failure":null,"note":""}');
insert into rollout_host values (1,'22222222-1111-1111-1111-111111111111','COMMITTED','{"host":{"value":"22222222-1111-1111-1111-111111111111"},"wave":1,"state":"COMMITTED","since":1767225623.625000000,"direction":"FORWARD","from":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"leaving":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"deadline":null,"bootIdBefore":"boot2","proof":"WARM","failure":null,"note":""}');
insert into rollout_host values (2,'11111111-1111-1111-1111-111111111111','COMMITTED','{"host":{"value":"11111111-1111-1111-1111-111111111111"},"wave":0,"state":"COMMITTED","since":1767225627.750000000,"direction":"FORWARD","from":{"slot":"slot2","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","release":"web:2","committed":true},"leaving":{"slot":"slot2","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","release":"web:2","committed":true},"deadline":null,"bootIdBefore":"boot1x","proof":"WARM","failure":null,"note":""}');
insert into rollout_host values (2,'22222222-1111-1111-1111-111111111111','SWITCHING','{"host":{"value":"22222222-1111-1111-1111-111111111111"},"wave":1,"state":"SWITCHING","since":1767225629.125000000,"direction":"FORWARD","from":{"slot":"slot2","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","release":"web:2","committed":true},"leaving":{"slot":"slot2","digest":"sha256:2222222222222222222222222222222222222222222222222222222222222222","release":"web:2","committed":true},"deadline":1767225929.125000000,"bootIdBefore":"boot2x","proof":"NONE","failure":null,"note":""}');
insert into rollout_host values (2,'33333333-1111-1111-1111-111111111111','SWITCHING','{"host":{"value":"33333333-1111-1111-1111-111111111111"},"wave":1,"state":"SWITCHING","since":1767225636.000000000,"direction":"FORWARD","from":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"leaving":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"deadline":1767225936.000000000,"bootIdBefore":"boot3","proof":"NONE","failure":null,"note":""}');
insert into rollout_host values (2,'44444444-1111-1111-1111-111111111111','OFFERED','{"host":{"value":"44444444-1111-1111-1111-111111111111"},"wave":1,"state":"OFFERED","since":1767225627.750000000,"direction":"FORWARD","from":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"leaving":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"deadline":1767226227.750000000,"bootIdBefore":null,"proof":"NONE","failure":null,"note":""}');
insert into rollout_host values (2,'55555555-1111-1111-1111-111111111111','ROLLED_BACK','{"host":{"value":"55555555-1111-1111-1111-111111111111"},"wave":1,"state":"ROLLED_BACK","since":1767225633.250000000,"direction":"FORWARD","from":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"leaving":{"slot":"slot1","digest":"sha256:1111111111111111111111111111111111111111111111111111111111111111","release":"web:1","committed":true},"deadline":null,"bootIdBefore":"boot5","proof":"NONE","failure":{"phase":"checking","reason":"health:web","digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333"},"note":"health:web"}');
insert into rollout_host values (2,'66666666-1111-1111-1111-111111111111','IDLE','{"host":{"value":"66666666-1111-1111-1111-111111111111"},"wave":2,"state":"IDLE","since":1767225625.000000000,"direction":"FORWARD","from":null,"leaving":null,"deadline":null,"bootIdBefore":null,"proof":"NONE","failure":null,"note":""}');
create table verdict (
  host_id text not null,
  digest  text not null,
  kind    text not null,
  phase   text not null,
  reason  text not null,
  at      integer not null,
  primary key (host_id, digest)
) without rowid;
insert into verdict values ('11111111-1111-1111-1111-111111111111','sha256:2222222222222222222222222222222222222222222222222222222222222222','GOOD_WARM','','',1767225619500);
insert into verdict values ('11111111-1111-1111-1111-111111111111','sha256:3333333333333333333333333333333333333333333333333333333333333333','GOOD_WARM','','',1767225627750);
insert into verdict values ('22222222-1111-1111-1111-111111111111','sha256:2222222222222222222222222222222222222222222222222222222222222222','GOOD_WARM','','',1767225623625);
insert into verdict values ('55555555-1111-1111-1111-111111111111','sha256:3333333333333333333333333333333333333333333333333333333333333333','FAILED','checking','health:web',1767225633250);
create unique index host_machine on host (machine_id) where revoked_at is null;
create index event_of_rollout on event (rollout_no, seq);
pragma user_version = 2;
