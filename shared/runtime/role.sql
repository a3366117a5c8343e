-- The schema and role of one service; {service} is its name. The role can do nothing elsewhere.
do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'notyet_{service}') then
        create role notyet_{service} login;
    end if;
end
$$;

-- What holds for every session of the role, whoever opens it; work that needs longer says so
-- itself, in its transaction.
alter role notyet_{service} set statement_timeout to '60s';
alter role notyet_{service} set lock_timeout to '10s';
alter role notyet_{service} set idle_in_transaction_session_timeout to '60s';

-- PostgreSQL lets everybody into every database, and lets them make temporary tables there. Ours
-- has them no more, nor have the two that each server begins with; others are not ours to close.
do $$
declare
    opened name;
begin
    execute format('grant connect on database %I to notyet_{service}', current_database());
    for opened in
        select distinct datname
        from pg_database, lateral aclexplode(coalesce(datacl, acldefault('d', datdba))) as given
        where datname in (current_database(), 'postgres', 'template1') and given.grantee = 0
    loop
        execute format('revoke connect, temporary on database %I from public', opened);
    end loop;
end
$$;

-- Large objects belong to no schema, so no right on a schema keeps a role from filling the disk.
do $$
declare
    maker regprocedure;
begin
    for maker in
        select pg_proc.oid
        from pg_proc, lateral aclexplode(coalesce(proacl, acldefault('f', proowner))) as given
        where pronamespace = 'pg_catalog'::regnamespace
            and (proname like 'lo\_%' or proname in ('loread', 'lowrite'))
            and given.grantee = 0
    loop
        execute format('revoke execute on function %s from public', maker);
    end loop;
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
