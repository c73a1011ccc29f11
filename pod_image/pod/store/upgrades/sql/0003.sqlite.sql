ALTER TABLE account_migrations ADD COLUMN second_envelope BLOB;
ALTER TABLE deliveries ADD COLUMN only_if VARCHAR(16);
CREATE TABLE pod_features (
	id INTEGER NOT NULL, 
	pod_url VARCHAR(255) NOT NULL, 
	features TEXT NOT NULL, 
	asked_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (pod_url)
);
