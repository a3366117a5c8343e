-- name: keep(hashes, keys, purposes, claims, ends)!
-- A link of an applicant who has left meanwhile is nobody's any more, and is not kept.
insert into short_links (token_hash, candidate_id, applicant_key, purpose, claims, expires_at)
select distinct on (token_hash)
    token_hash, applicants.candidate_id, applicants.applicant_key, purpose, claims, expires_at
from
    unnest(
        :hashes::text [], :keys::text [], :purposes::text [], :claims::jsonb [],
        :ends::timestamptz []
    ) with ordinality as told (token_hash, applicant_key, purpose, claims, expires_at, nth)
left join applicants using (applicant_key)
where told.applicant_key is null or applicants.applicant_key is not null
order by token_hash, nth desc
on conflict (token_hash) do update
set purpose = excluded.purpose, claims = excluded.claims, expires_at = excluded.expires_at;

-- name: hand_over(keys, purpose)!
-- With the applicant a letter was sent to, nobody reads what comes back to it. That it reached nobody
-- is news for those whom it told beside, by its own application, which leads to them alone.
update short_links as link
set
    applicant_key = told.applicant_key, candidate_id = told.candidate_id,
    claims = link.claims - 'address'
from applications as told
where link.applicant_key = any(:keys::text []) and link.purpose = :purpose
and told.candidate_id = link.candidate_id and told.applicant_key <> all(:keys::text [])
and told.answered_with = link.claims ->> 'application';

-- name: find(hashes, outliving, now)^
select purpose, claims, expires_at from short_links
where token_hash = any(:hashes::text []) and (
    expires_at > :now::timestamptz
    or purpose = any(:outliving::text []) and exists (
        select 1 from consents
        where consents.candidate_id = short_links.candidate_id
        and ended_at is null and until > :now::timestamptz
    )
);

-- name: forget(outliving, now, limit)
delete from short_links where token_hash in (
    select token_hash from short_links
    where expires_at <= :now::timestamptz and not (
        purpose = any(:outliving::text []) and exists (
            select 1 from consents
            where consents.candidate_id = short_links.candidate_id
            and ended_at is null and until > :now::timestamptz
        )
    )
    order by expires_at
    limit :limit::integer
)
returning token_hash;
