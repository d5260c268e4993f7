-- db-scheduler's table.
create table if not exists scheduled_tasks (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamp with time zone not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamp with time zone,
  last_failure         timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat       timestamp with time zone,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
);
create index if not exists scheduled_tasks_due on scheduled_tasks (execution_time);
create index if not exists scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

-- One row for each night and tenant, written when the night is dispatched. A tenant that is not done has a turn to come.
create table if not exists cpv_night (
  night     date not null,
  tenant_id uuid not null,
  outcome   text,
  -- The code of a failure or of a reason to leave the tenant out, and its message for people.
  failure   text,
  message   text,
  -- The failure would affect every tenant (R28).
  stops     boolean not null default false,
  done      boolean not null default false,
  node      text,
  requests  integer,
  attempts  integer not null default 0,
  primary key (night, tenant_id)
);
create index if not exists cpv_night_stops on cpv_night (night) where stops;
