DROP TABLE fundings;
DROP FUNCTION refuse_funding_above_line;
DROP FUNCTION refuse_funding_change;
