-- name: all_due(search)!
-- In the order in which others lock them.
update quarantine set search_due = :search::bigint
where id = any(array(select id from quarantine order by id for update));

-- name: due()^
select id, topic, partition, "offset", record, search_due from quarantine
where search_due is not null
order by id
limit 1;

-- name: delete(id)!
delete from quarantine where id = :id::bigint;

-- name: settle(id, search_due)!
update quarantine set search_due = null
where id = :id::bigint and search_due = :search_due::bigint;
