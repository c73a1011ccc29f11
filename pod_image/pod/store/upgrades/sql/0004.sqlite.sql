ALTER TABLE conversation_participants ADD COLUMN hidden BOOLEAN DEFAULT 0 NOT NULL;
CREATE TABLE locations_wider (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	address VARCHAR(255), 
	lat VARCHAR(255) NOT NULL, 
	lng VARCHAR(255) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (post_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
INSERT INTO locations_wider SELECT id, post_id, address, lat, lng FROM locations;
DROP TABLE locations;
ALTER TABLE locations_wider RENAME TO locations;
