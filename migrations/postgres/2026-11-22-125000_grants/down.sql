DROP TABLE funding_instalments;
DROP TABLE funding_awards;
DROP FUNCTION refuse_award_change;
DROP TABLE funding_grants;
DROP TABLE funders;
