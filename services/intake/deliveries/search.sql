-- name: all_due()!
-- In the order in which others lock them: one that is being looked at has been, before it is due again.
update deliveries set search_due = true
where id = any(array(select id from deliveries order by id for update));

-- name: due()^
-- Not before it was read: it may tell that somebody who was erased has come back.
select id, 'webhooks' as topic, source, record, about from deliveries
where search_due and state not in ('asking', 'waiting')
order by id
limit 1
for update skip locked;

-- name: delete(id)!
delete from deliveries where id = :id::bigint;

-- name: settle(id)!
update deliveries set search_due = false where id = :id::bigint;
