-- The schema and role of one service; {service} is its name. The role can do nothing elsewhere.
do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'notyet_{service}') then
        create role notyet_{service} login;
    end if;
end
$$;
revoke all on schema public from public;
create schema if not exists {service};
grant usage on schema {service} to notyet_{service};
alter default privileges in schema {service}
grant select, insert, update, delete on tables to notyet_{service};
alter default privileges in schema {service}
grant usage, select on sequences to notyet_{service};
create table if not exists {service}.migrations (
    name text primary key,
    run_at timestamptz not null default clock_timestamp()
);
