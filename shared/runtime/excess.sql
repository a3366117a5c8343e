-- name: excess(role)
-- What a role could do beyond its own schema, since the server gives it to everybody and whoever
-- migrates may not take it away.
select format('connect to database %I', datname) as what
from pg_database
where datallowconn
    and datname <> current_database()
    and has_database_privilege(:role::text, oid, 'connect')
union all
select format('make temporary tables in database %I', current_database())
where has_database_privilege(:role::text, current_database(), 'temporary')
union all
select 'make large objects'
where has_function_privilege(:role::text, 'lo_create(oid)', 'execute')
order by what
