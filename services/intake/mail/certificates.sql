-- name: find(url)$
select pem from sns_certificates where url = :url;

-- name: keep(url, pem, until)!
insert into sns_certificates (url, pem, until) values (:url, :pem, :until) on conflict do nothing;

-- name: forget(now, limit)
delete from sns_certificates where ctid = any(array(
    select ctid from sns_certificates
    where until < :now::timestamptz
    limit :limit
    for update skip locked
))
returning url;
