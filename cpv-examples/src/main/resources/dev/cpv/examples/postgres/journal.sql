-- What cpv remembers of each tenant. Times are seconds since 1970 to the nanosecond: to_timestamp(last_attempt) shows them.
create table if not exists cpv_journal (
  tenant_id            uuid primary key,
  -- The number of the lease that was given last.
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
  -- Two arrays in step: resources that could not be added, and when that was found.
  not_creatable        uuid[],
  not_creatable_found  numeric[],
  last_failure         text,
  failures_in_a_row    integer,
  -- Null: never reset. The phase stands apart, so that the first snapshot is never written again.
  reset                json,
  reset_phase          text
);
