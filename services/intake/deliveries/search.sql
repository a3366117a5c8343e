-- name: all_due(search)!
-- In the order in which others lock them.
update deliveries set search_due = :search::bigint
where id = any(array(select id from deliveries order by id for update));

-- name: due()^
-- Not before it was read: it may tell that somebody who was erased has come back.
select id, 'webhooks' as topic, source, record, about, search_due from deliveries
where search_due is not null and state not in ('asking', 'waiting')
order by id
limit 1;

-- name: delete(id)!
delete from deliveries where id = :id::bigint;

-- name: settle(id, search_due)!
update deliveries set search_due = null
where id = :id::bigint and search_due = :search_due::bigint;
