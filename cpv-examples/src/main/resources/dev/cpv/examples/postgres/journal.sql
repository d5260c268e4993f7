-- The state that cpv keeps of each tenant. Times are seconds since 1970 with nine decimals: to_timestamp(last_attempt) shows them.
create table if not exists cpv_journal (
  tenant_id            uuid primary key,
  -- The number of the latest lease.
  fencing              bigint not null,
  -- Null: no lease.
  lease_owner          text,
  lease_until          numeric,
  -- Null: no refresh has ended yet.
  last_attempt         numeric,
  last_outcome         text,
  required_fingerprint text,
  actor                text,
  reason               text,
  -- Two arrays with the same order: resources that could not be added, and when that was found.
  not_creatable        uuid[],
  not_creatable_found  numeric[],
  last_failure         text,
  failures_in_a_row    integer,
  -- Null: never reset. The phase has its own column, so that the first snapshot is never overwritten.
  reset                json,
  reset_phase          text
);
