-- name: all_due()!
-- In the order in which others lock them: one that is being looked at has been, before it is due again.
update quarantine set search_due = true
where id = any(array(select id from quarantine order by id for update));

-- name: due()^
select id, topic, partition, "offset", record from quarantine
where search_due
order by id
limit 1
for update skip locked;

-- name: delete(id)!
delete from quarantine where id = :id::bigint;

-- name: settle(id)!
update quarantine set search_due = false where id = :id::bigint;
