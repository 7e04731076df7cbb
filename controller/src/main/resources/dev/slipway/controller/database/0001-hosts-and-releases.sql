-- Times are seconds since the epoch, digests 'sha256:' and 64 hex digits, hashes 64 hex digits.

create table host (
  host_no      integer primary key,
  id           text not null unique,          -- UUID, in the host's certificate
  name         text not null unique,
  machine_id   text not null,                 -- a hint for people, never a key: disks get copied
  key_sha256   text not null unique,          -- of the SubjectPublicKeyInfo the certificate is for
  token_sha256 text not null,                 -- what it joined with: repeating that join is free
  labels_json  text not null,                 -- come from the token, never from the host
  enrolled_at  integer not null,
  revoked_at   integer
);

create unique index host_machine on host (machine_id) where revoked_at is null;

create table join_token (
  sha256      text primary key,               -- the token itself is shown once and kept nowhere
  labels_json text not null,
  uses_left   integer not null check (uses_left >= 0),
  created_at  integer not null,
  expires_at  integer not null
) without rowid;

create table release (
  digest         text primary key,            -- of the OCI image manifest
  name           text not null,
  version        text not null,
  tree_digest    text not null,
  kernel_version text not null,
  size_bytes     integer not null,            -- what a host downloads: configuration and layer
  published_at   integer not null,
  unique (name, version)
) without rowid;
