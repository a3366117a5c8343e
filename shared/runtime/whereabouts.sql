-- name: counts()
-- A statement for each table with ids of people in it, that counts the rows of the given ones.
select
    format(
        'select %L as "table", count(*) as rows from %I where %I = any($1::text [])',
        columns.table_name, columns.table_name, columns.column_name
    ) as statement
from information_schema.columns as columns
inner join information_schema.tables as tables using (table_schema, table_name)
where table_schema = current_schema() and table_type = 'BASE TABLE'
and (column_name in ('candidate_id', 'recipient_id') or (table_name, column_name) = ('outbox', 'key'))
union all
select
    'select ''audit_entries'' as "table", count(*) as rows from audit_entries'
    ' where about && $1::text []'
order by statement;
