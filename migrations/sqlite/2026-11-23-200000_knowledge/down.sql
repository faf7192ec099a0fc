DROP TABLE document_remarks;
DROP TABLE document_editions;
DROP TABLE documents;
DROP TABLE search_feed;
DROP TABLE search_counter;
DROP TABLE practice_adoptions;
DROP TABLE practice_proposals;
DROP TABLE practice_editions;
