-- name: of(ids, keys)
-- All that was said by people, or as applicants who have left, in the chains that are theirs or were.
select
    chain, position, previous, hash, candidate_id, applicant_key, act, purpose, channel, at, until,
    how, wording_version, ends, lifted_by
from consent_entries
where chain in (
    select consent_chains.chain from consent_chains where candidate_id = any(:ids::text [])
    union
    select entry.chain from consent_entries as entry where candidate_id = any(:ids::text [])
    union
    select entry.chain from consent_entries as entry where applicant_key = any(:keys::text [])
)
order by chain, position;

-- name: heads(ids)
select chain, length, head from consent_chains where chain = any(:ids::text []);

-- name: page(after, chains)
-- Some chains with all their entries, as they stand at one moment; one without entries has a null.
select
    chains.chain as id, length, head, entry.chain, position, previous, hash, candidate_id,
    applicant_key, act, purpose, channel, at, until, how, wording_version, ends, lifted_by
from (
    select chain, length, head from consent_chains
    where chain > :after::text
    order by chain limit :chains::bigint
) as chains
left join consent_entries as entry on entry.chain = chains.chain
order by chains.chain, position;

-- name: stray()$
-- A chain of which there are entries and no beginning.
select chain from consent_entries
where not exists (
    select from consent_chains where consent_chains.chain = consent_entries.chain
)
order by chain limit 1;
