DROP TABLE funding_instalments;
DROP TABLE funding_awards;
DROP TABLE funding_grants;
DROP TABLE funders;
