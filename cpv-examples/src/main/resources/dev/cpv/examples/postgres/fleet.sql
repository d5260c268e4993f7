-- The state that cpv keeps from run to run. Times are seconds since 1970 with nine decimals.
create table if not exists cpv_tenant_rule (
  tenant_id  uuid primary key,
  kind       text not null,
  reason     text not null,
  author     text not null,
  since      numeric not null,
  -- Null: until it is removed.
  rule_until numeric
);

-- One row: the last list that was accepted, and the last run.
create table if not exists cpv_fleet (
  only_row        boolean primary key default true check (only_row),
  roster_accepted numeric,
  roster          uuid[],
  run_id          uuid,
  run_started     numeric,
  run_state       text,
  run_ended       numeric
);
