-- Customers' domains in a PostgreSQL of your own, for config/directory/postgres.yaml. As the user postgres, in a folder that it can read:
--   createuser --pwprompt signpost && createdb signpost && psql --dbname signpost --file postgres.sql
-- Every Signpost that listens sees a change at once.

CREATE TABLE customer (
  domain text PRIMARY KEY CHECK (domain ~ '^[a-z0-9.-]{1,253}$'), -- in small letters, as A-labels: xn--bcher-kva.example
  provider text NOT NULL,                                          -- the id of a provider of the table
  host text,                                                       -- these take the place of what the provider has,
  imap_host text,                                                  -- where they are not NULL
  pop3_host text,
  smtp_host text,
  name text,
  short_name text,
  website text,
  webmail text,
  accent text,
  support text
);

GRANT SELECT ON customer TO signpost;

CREATE FUNCTION tell_signpost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM pg_notify('signpost', '');
  ELSE
    IF TG_OP <> 'INSERT' THEN PERFORM pg_notify('signpost', OLD.domain); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM pg_notify('signpost', NEW.domain); END IF;
  END IF;
  RETURN NULL;
END
$$;

-- Before many rows at once: ALTER TABLE customer DISABLE TRIGGER USER; after them: ENABLE, and NOTIFY signpost, ''.
CREATE TRIGGER customer_changed AFTER INSERT OR UPDATE OR DELETE ON customer
  FOR EACH ROW EXECUTE FUNCTION tell_signpost();
CREATE TRIGGER customers_gone AFTER TRUNCATE ON customer
  FOR EACH STATEMENT EXECUTE FUNCTION tell_signpost();
