-- A member is no longer one flat object: way says where the host goes, progress how far it has come.
update rollout_host
set json = json_set(
  json_remove(json, '$.direction', '$.from', '$.leaving',
    '$.deadline', '$.bootIdBefore', '$.proof', '$.failure'),
  '$.way', json_object(
    'direction', json -> '$.direction',
    'from', json -> '$.from',
    'leaving', json -> '$.leaving'),
  '$.progress', json_object(
    'deadline', json -> '$.deadline',
    'bootIdBefore', json -> '$.bootIdBefore',
    'proof', json -> '$.proof',
    'failure', json -> '$.failure'))
where json -> '$.way' is null;
