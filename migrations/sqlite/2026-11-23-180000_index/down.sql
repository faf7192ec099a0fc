DROP TABLE assessment_scores;
DROP TABLE assessment_answers;
DROP TABLE assessments;
DROP TABLE questionnaires;
