ALTER TABLE profiles ADD COLUMN full_name VARCHAR(70);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	post_id INTEGER NOT NULL, 
	summary VARCHAR(255) NOT NULL, 
	description TEXT, 
	start_at VARCHAR(20) NOT NULL, 
	end_at VARCHAR(20), 
	all_day BOOLEAN NOT NULL, 
	timezone VARCHAR(64), 
	address VARCHAR(255), 
	lat VARCHAR(255), 
	lng VARCHAR(255), 
	edited_at VARCHAR(20), 
	PRIMARY KEY (id), 
	UNIQUE (post_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX ix_events_guid ON events (guid);
CREATE TABLE embeds (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	url TEXT, 
	title VARCHAR(255), 
	description TEXT, 
	image TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (post_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
CREATE TABLE event_participations (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (author_id, event_id), 
	FOREIGN KEY(author_id) REFERENCES people (id), 
	FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE CASCADE
);
CREATE INDEX ix_event_participations_author_id ON event_participations (author_id);
CREATE INDEX ix_event_participations_event_id ON event_participations (event_id);
CREATE UNIQUE INDEX ix_event_participations_guid ON event_participations (guid);
