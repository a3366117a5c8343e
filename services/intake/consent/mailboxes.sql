-- name: near(ids)
-- Applicants who share a first address, or anything that they ever had, with one of these people. Of very
-- many at one address some are found, in the order of the index.
select near.applicant_key
from (
    select distinct first_email from applicants
    where candidate_id = any(:ids::text []) and first_email is not null
) as mailbox
cross join lateral (
    select applicant_key from applicants
    where applicants.first_email = mailbox.first_email
    order by name_key
    limit 1000
) as near
union
select near.applicant_key
from (
    select distinct hash from likenesses
    inner join applicants using (applicant_key)
    where candidate_id = any(:ids::text [])
) as shared
cross join lateral (
    select applicant_key from likenesses
    where likenesses.hash = shared.hash
    order by applicant_key
    limit 1000
) as near;

-- name: sharing(ids)
select distinct candidate_id from applicants
where applicant_key in (
    -- include: near
);

-- name: whom(ids)
select applicant_key, candidate_id, first_email, put_right #> '{name,value}' as name
from applicants
where candidate_id = any(:ids::text []) and first_email is not null;

-- name: apart(ids)
-- Of whom a human has said that they are two.
select distinct one.candidate_id, other.candidate_id as other_id
from applicants as one
cross join lateral (
    select other_key as key from joins
    where joins.applicant_key = one.applicant_key and verdict = 'different'
    union all
    select applicant_key from joins
    where joins.other_key = one.applicant_key and verdict = 'different'
) as parted
inner join applicants as other on other.applicant_key = parted.key
where one.candidate_id = any(:ids::text []);

-- name: known_as(keys)
select
    applicant_key, candidate_id, first_email,
    coalesce(put_right #> '{name,value}', person.personal_data #> '{name,value}') as name,
    array(
        select key #>> '{}'
        from jsonb_path_query(
            applicants.personal_data, '$.also_known_as.keyvalue().key', silent => true
        ) as key
    ) as known_as
from applicants inner join candidates as person using (candidate_id)
where applicant_key = any(:keys::text []);

-- name: said(ids)
-- What was said by those near these people, and whose mail waits to be read.
with near as materialized (
    -- include: near
)

select near.applicant_key, channel, at, opens
from near
cross join lateral (
    select channel, at, opens from own_words where own_words.applicant_key = near.applicant_key
    offset 0
) as own
union all
select applicant_key, null, since, false
from unread_replies
where applicant_key in (select near.applicant_key from near)
and how = 'mail' and because_of is null;

-- name: stops(keys)
select applicant_key, channel, at from own_words
where applicant_key = any(:keys::text []) and not opens;

-- name: stopped(ids, channel)
select distinct candidate_id from channel_stops
where candidate_id = any(:ids::text []) and channel = :channel::text and lifted_at is null;

-- name: wait(keys, becauses, sinces)
insert into unread_replies (applicant_key, candidate_id, how, since, because_of)
select applicant_key, candidate_id, 'mail', waiting.since, waiting.because_of
from
    unnest(:keys::text [], :becauses::text [], :sinces::timestamptz [])
    as waiting (applicant_key, because_of, since)
inner join applicants using (applicant_key)
order by applicant_key
on conflict do nothing
returning candidate_id;

-- name: wait_no_more(ids)!
delete from unread_replies where candidate_id = any(:ids::text []) and because_of is not null;

-- name: outlive(addresses, parts, channels, ats)!
insert into stopped_mailboxes (address, parts, channel, stopped_at)
select address, parts, channel, stopped_at
from
    unnest(:addresses::bytea [], :parts::bytea [], :channels::text [], :ats::timestamptz [])
    as said (address, parts, channel, stopped_at);

-- name: outlived(addresses)
select address, parts, channel, stopped_at from stopped_mailboxes
where address = any(:addresses::bytea []);
