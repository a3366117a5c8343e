-- name: receive(count)
select nextval('receipts') as number from generate_series(1, :count::integer);

-- name: propose(hashes, applicant_keys)
-- Sorted, so that two batches cannot deadlock; the second waits here for what the first decides.
insert into identities (hash, applicant_key)
select hash, applicant_key
from unnest(:hashes::bytea [], :applicant_keys::text []) as proposed (hash, applicant_key)
order by hash
on conflict do nothing
returning hash;

-- name: take_back(hashes, applicant_key)!
delete from identities
where hash = any(:hashes::bytea []) and applicant_key = :applicant_key::text;

-- name: lock_erased(hashes)
-- Whoever comes back, and what is refused because they are not back, wait for each other.
select hash from identities
where hash = any(:hashes::bytea []) and erased_at is not null
order by hash
for update;

-- name: identities(hashes)
select hash, applicant_key, erased_at, is_awaited, is_former
from identities where hash = any(:hashes::bytea []);

-- name: part(hashes)!
update identities set is_former = true where hash = any(:hashes::bytea []) and not is_former;

-- name: keep_awaited(hashes, awaited)!
update identities as identity set is_awaited = said.is_awaited
from unnest(:hashes::bytea [], :awaited::boolean []) as said (hash, is_awaited)
where identity.hash = said.hash;

-- name: keep_ids(keys, ids, hashes)!
insert into applicant_ids (applicant_key, source_applicant_id, hash)
select applicant_key, id, hash
from
    unnest(:keys::text [], :ids::text [], :hashes::bytea []) as said (applicant_key, id, hash)
inner join applicants using (applicant_key)
order by applicant_key, id
on conflict do nothing;

-- name: gone(hashes)
select hash, max(erased_at) as erased_at
from likenesses
where hash = any(:hashes::bytea []) and erased_at is not null
group by hash;

-- name: erased_names(addresses)
select address, parts, erased_at from erased_names where address = any(:addresses::bytea []);

-- name: lock(ids)
select candidate_id, personal_data
from candidates
where candidate_id = any(:ids::text [])
order by candidate_id
for update;

-- name: by_key(keys)
select
    applicant.applicant_key, applicant.candidate_id, applicant.source, applicant.personal_data,
    applicant.corrected,
    applicant.name_key, applicant.hat_answered_at, applicant.last_human_contact_at,
    applicant.recorded_at, applicant.refusals, person.version, false as is_crowded,
    false as has_many_namesakes
from applicants as applicant
inner join candidates as person using (candidate_id)
where applicant.applicant_key = any(:keys::text []);

-- name: kin(keys, emails, name_keys, most_near, most_alike)
-- All applicants of everybody of whom one is asked about, or shares the first address. Where there
-- are too many others for anybody to be found by that it made no difference before what is asked
-- about changed either, and nobody is looked at. The order is that of the index: without one the whole
-- table is read for every address that nobody has, once most applicants have one and the same.
with said as (
    select email, name_key
    from unnest(:emails::text [], :name_keys::text []) as said (email, name_key)
    union
    select first_email, name_key from applicants
    where applicant_key = any(:keys::text []) and first_email is not null
),

near as (
    select candidate_id from applicants where applicant_key = any(:keys::text [])
    union
    select unnest(alike.ids)
    from said
    cross join lateral (
        select array_agg(candidate_id) as ids from (
            select candidate_id from applicants
            where first_email = said.email and applicants.name_key = said.name_key
            and applicant_key not in (select unnest(:keys::text []))
            limit :most_alike::integer
        ) as namesakes
        having count(*) < :most_alike::integer
    ) as alike
    union
    select unnest(sharing.ids)
    from (select distinct email from said) as address
    cross join lateral (
        select array_agg(candidate_id) as ids from (
            select candidate_id from applicants
            where first_email = address.email
            and applicant_key not in (select unnest(:keys::text []))
            order by name_key
            limit :most_near::integer
        ) as others
        having count(*) < :most_near::integer
    ) as sharing
),

-- One by one by their index, before anybody is counted: a plan from before the table was filled would
-- read and count for everybody.
meant as materialized (
    select applicant.*, person.version
    from near
    cross join lateral (
        select * from applicants where applicants.candidate_id = near.candidate_id
        offset 0
    ) as applicant
    cross join lateral (
        select version from candidates where candidates.candidate_id = near.candidate_id
        offset 0
    ) as person
)

select
    applicant.applicant_key, applicant.candidate_id, applicant.source, applicant.personal_data,
    applicant.corrected,
    applicant.name_key, applicant.hat_answered_at, applicant.last_human_contact_at,
    applicant.recorded_at, applicant.refusals, applicant.version,
    crowd.size = :most_near::integer as is_crowded,
    alike.size = :most_alike::integer as has_many_namesakes
from meant as applicant
cross join lateral (
    select count(*) as size from (
        select 1 from applicants as other
        where other.first_email = applicant.first_email
        limit :most_near::integer
    ) as others
) as crowd
cross join lateral (
    select count(*) as size from (
        select 1 from applicants as other
        where other.first_email = applicant.first_email and other.name_key = applicant.name_key
        limit :most_alike::integer
    ) as namesakes
) as alike
order by applicant.applicant_key;

-- name: of_source(keys)
select other.applicant_key
from applicants as one
inner join applicants as other
    on other.candidate_id = one.candidate_id and other.source = one.source
where one.applicant_key = any(:keys::text [])
order by other.applicant_key;

-- name: present(ids)
-- Whom these ids mean today: nobody where somebody was erased.
select asked.candidate_id as asked, coalesce(person.candidate_id, former.candidate_id) as candidate_id
from unnest(:ids::text []) as asked (candidate_id)
left join candidates as person using (candidate_id)
left join lateral (
    select applicants.candidate_id
    from former_memberships
    inner join applicants using (applicant_key)
    where former_memberships.candidate_id = asked.candidate_id and not only_by_application
    order by applicants.recorded_at, applicant_key
    limit 1
) as former on true
where coalesce(person.candidate_id, former.candidate_id) is not null;

-- name: addressees(ids, application_ids)
-- Of whoever is or was of that person: the applicant of the application, and nobody once it is gone.
-- Where no application is named, those who are of them now come first, then the eldest.
select
    asked.candidate_id as asked, asked.application_id, found.candidate_id, found.applicant_key
from unnest(:ids::text [], :application_ids::text []) as asked (candidate_id, application_id)
cross join lateral (
    select member.candidate_id, member.applicant_key
    from (
        select applicant_key, false as only_by_application
        from applicants where candidate_id = asked.candidate_id
        union all
        select applicant_key, only_by_application
        from former_memberships where candidate_id = asked.candidate_id
    ) as theirs
    inner join applicants as member using (applicant_key)
    cross join lateral (
        select
            exists (
                select 1 from applications
                where applications.applicant_key = member.applicant_key
                and applications.application_id = asked.application_id
            ) as is_now,
            exists (
                select 1 from former_application_ids as former
                where former.applicant_key = member.applicant_key
                and former.candidate_id = asked.candidate_id
                and former.application_id = asked.application_id
            ) as was_then
    ) as application
    where
        case
            when asked.application_id is null then not only_by_application
            else is_now or was_then
        end
    order by
        is_now desc, member.candidate_id = asked.candidate_id desc, member.recorded_at,
        member.applicant_key
    limit 1
) as found;

-- name: part_from(keys)!
-- What was sent to applicants who are to be erased, and speaks of no application, leads to nobody
-- else who read there.
update former_memberships as former set only_by_application = true
from (
    select candidate_id, applicant_key from applicants
    where applicant_key = any(:keys::text [])
    union
    select candidate_id, applicant_key from former_memberships
    where applicant_key = any(:keys::text [])
) as gone
where former.candidate_id = gone.candidate_id and former.applicant_key <> all(:keys::text [])
and exists (
    select 1 from likenesses as his
    inner join likenesses as hers on hers.hash = his.hash
    where his.applicant_key = gone.applicant_key and hers.applicant_key = former.applicant_key
);

-- name: begin(ids)!
insert into candidates (candidate_id) select unnest(:ids::text []);

-- name: keep(keys, ids, sources, personal_data, name_keys, reach_nobody, contacts, refusals, now)!
insert into applicants (
    applicant_key, candidate_id, source, personal_data, name_key, reaches_nobody,
    last_human_contact_at, refusals, recorded_at
)
select said.*, :now::timestamptz
from
    unnest(
        :keys::text [], :ids::text [], :sources::text [], :personal_data::jsonb [],
        :name_keys::text [], :reach_nobody::boolean [], :contacts::timestamptz [],
        :refusals::jsonb []
    )
    as said
on conflict (applicant_key) do update
set
    personal_data = excluded.personal_data,
    name_key = excluded.name_key,
    reaches_nobody = excluded.reaches_nobody,
    last_human_contact_at = excluded.last_human_contact_at,
    refusals = excluded.refusals;

-- name: unreachable()$
-- How many are owed an answer that can go nowhere. With `exists` a plan may read whole tables.
select count(*) from (
    select distinct candidate_id from applicants where reaches_nobody
) as person
where (
    select bool_and(reaches_nobody and not corrected ?| array['emails', 'phone']) from applicants
    where applicants.candidate_id = person.candidate_id
)
and (
    select true from applications
    where applications.candidate_id = person.candidate_id
    and status = 'rejected' and answered_at is null and not (rejection -> 'alreadyTold')::boolean
    limit 1
);

-- name: describe(ids, personal_data)!
update candidates as person set personal_data = known.personal_data
from unnest(:ids::text [], :personal_data::jsonb []) as known (candidate_id, personal_data)
where person.candidate_id = known.candidate_id;

-- name: keep_likenesses(hashes, keys)!
insert into likenesses (hash, applicant_key)
select hash, applicant_key
from unnest(:hashes::bytea [], :keys::text []) as likeness (hash, applicant_key)
order by hash, applicant_key
on conflict do nothing;

-- name: with_likeness(hashes)
select distinct candidate_id
from likenesses
inner join applicants using (applicant_key)
where hash = any(:hashes::bytea []);

-- name: with_identity(hashes)
select distinct candidate_id
from identities
inner join applicants using (applicant_key)
where hash = any(:hashes::bytea []);

-- name: reached(ids)
-- Where each applicant of these people is written to.
select
    applicant_key, candidate_id,
    coalesce(put_right #> '{emails,value}', '[]')
    || case when phone is null then '[]' else jsonb_build_array(phone) end as addresses,
    array_remove(array[to_verify, phone_to_verify], null) as to_verify
from applicants
where candidate_id = any(:ids::text [])
order by recorded_at, applicant_key;

-- name: ever_of(candidate_id)
-- Whoever is or was of that person and may be meant by it alone, with where they are written to and all they were ever known as,
-- as far as that can be read.
select
    applicant_key, candidate_id,
    jsonb_path_query_array(put_right, '$.emails.value[*]', '{}', true)
    || to_jsonb(array_remove(array[phone, to_verify, phone_to_verify], null)) as addresses,
    jsonb_path_query_array(personal_data, '$.also_known_as.keyvalue().key', '{}', true)
    || jsonb_path_query_array(corrected, '$.also_known_as.keyvalue().key', '{}', true) as known_as
from applicants
where candidate_id = :candidate_id::text
or applicant_key in (
    select applicant_key from former_memberships
    where candidate_id = :candidate_id::text and not only_by_application
)
order by candidate_id = :candidate_id::text desc, recorded_at, applicant_key;

-- name: correct(keys, corrected)!
update applicants
set corrected = corrected || :corrected::jsonb || jsonb_build_object(
    'also_known_as',
    coalesce(corrected -> 'also_known_as', '{}')
    || coalesce(:corrected::jsonb -> 'also_known_as', '{}')
)
where applicant_key = any(:keys::text []);

-- name: to_verify(keys, email, phone, request_id, now)!
update applicants
set
    to_verify = coalesce(:email::text, to_verify),
    to_verify_request = case
        when :email::text is null then to_verify_request else :request_id::text
    end,
    phone_to_verify = coalesce(:phone::text, phone_to_verify),
    phone_to_verify_request = case
        when :phone::text is null then phone_to_verify_request else :request_id::text
    end,
    to_verify_since = :now::timestamptz
where applicant_key = any(:keys::text []);

-- name: end_verifying(keys, address)!
update applicants
set
    to_verify = nullif(to_verify, :address::text),
    to_verify_request = case when to_verify <> :address::text then to_verify_request end,
    phone_to_verify = nullif(phone_to_verify, :address::text),
    phone_to_verify_request = case
        when phone_to_verify <> :address::text then phone_to_verify_request
    end,
    to_verify_since = case
        when num_nonnulls(
            nullif(to_verify, :address::text), nullif(phone_to_verify, :address::text)
        ) > 0 then to_verify_since
    end
where applicant_key = any(:keys::text []);

-- name: unverified(job, before, limit)
-- What is parked is passed over, and parked no longer once there is nothing to verify.
with settled as (
    delete from parked_rows
    where job = :job::text
    and not exists (
        select from applicants where applicant_key = key and to_verify_since is not null
    )
)

select applicant_key from applicants
where to_verify_since < :before::timestamptz
and not exists (
    select from resting_rows where job = :job::text and key = applicant_key
)
order by to_verify_since
limit :limit
for update skip locked;

-- name: forget_unverified(keys)
update applicants
set
    to_verify = null, to_verify_request = null,
    phone_to_verify = null, phone_to_verify_request = null, to_verify_since = null
where applicant_key = any(:keys::text [])
returning candidate_id;
