-- Whether the fleet has taken note that host.revoked_at is set.
alter table host_state add column revoked integer not null default 0;
