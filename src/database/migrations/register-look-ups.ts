import { APP_ROLE } from '../roles.js';

/**
 * Looking up settings by what was said of them. As plain statements they could use no index: under row-level security PostgreSQL
 * tries conditions on rows only after the policy, unless their operators are leakproof, and those on parts of a text are not
 * (measured at 50,000 settings: 277 ms a child). The register is public; that somebody is named as the actor is asked here.
 * Run as the owner, who for this reading has a policy of its own.
 */
export const REGISTER_LOOK_UPS = `
  CREATE POLICY setting_looked_up ON setting FOR SELECT TO CURRENT_USER USING (true);
  CREATE INDEX setting_words ON setting USING gin (string_to_array(normalised_name, ' '));

  -- Where a child lives, as far as the register tells, and which words are towns or words of settings' names.
  CREATE FUNCTION register_surroundings(runs text[], words text[], outcode text, home text)
    RETURNS TABLE ("townsNamed" text[], "knownWords" text[], easting float, northing float, nearby text[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF app_actor() IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT
      ARRAY(SELECT run FROM unnest(runs) AS run WHERE EXISTS (SELECT 1 FROM setting s WHERE lower(s.town) = run)),
      ARRAY(SELECT word FROM unnest(words) AS word
            WHERE EXISTS (SELECT 1 FROM setting s WHERE string_to_array(s.normalised_name, ' ') @> ARRAY[word])),
      point.easting, point.northing,
      ARRAY(SELECT DISTINCT other.authority_code FROM setting other WHERE home IS NOT NULL AND other.authority_code <> home
            AND split_part(other.postcode, ' ', 1) = ANY (ARRAY(SELECT DISTINCT split_part(s.postcode, ' ', 1) FROM setting s
              WHERE s.authority_code = home AND s.postcode IS NOT NULL)))
    FROM (SELECT avg(s.easting)::float AS easting, avg(s.northing)::float AS northing FROM setting s
          WHERE split_part(s.postcode, ' ', 1) = outcode AND s.easting IS NOT NULL) AS point;
  END $$;

  -- Settings whose name resembles the words or contains them, within reach of the home or in a town that was named.
  CREATE FUNCTION register_namesakes(core text, home text, areas text[], outcode text, towns text[], east float, north float,
      reach float, approved text[], most integer) RETURNS SETOF setting
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF app_actor() IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT s.* FROM setting s
      WHERE s.urn = ANY (approved) OR ((s.normalised_name % core OR core <% s.normalised_name)
        AND s.status <> 'proposed-to-open' AND s.routable
        AND (s.authority_code = home OR s.authority_code = ANY (areas) OR split_part(s.postcode, ' ', 1) = outcode
          OR lower(s.town) = ANY (towns)
          OR (s.easting BETWEEN east - reach AND east + reach AND s.northing BETWEEN north - reach AND north + reach)))
      ORDER BY (s.authority_code = home) DESC NULLS LAST, (s.status <> 'closed') DESC,
        similarity(s.normalised_name, core) DESC, s.urn LIMIT most;
  END $$;

  -- The same in the whole register, open ones only: for a person's eyes.
  CREATE FUNCTION register_namesakes_anywhere(core text, home text, most integer) RETURNS SETOF setting
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF app_actor() IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT s.* FROM setting s
      WHERE (s.normalised_name % core OR core <% s.normalised_name) AND s.status NOT IN ('proposed-to-open', 'closed') AND s.routable
      ORDER BY (s.authority_code = home) DESC NULLS LAST, similarity(s.normalised_name, core) DESC, s.urn LIMIT most;
  END $$;

  ${['register_surroundings', 'register_namesakes', 'register_namesakes_anywhere']
    .map(
      (name) =>
        `REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION ${name} TO ${APP_ROLE};`,
    )
    .join('\n  ')}
`;
