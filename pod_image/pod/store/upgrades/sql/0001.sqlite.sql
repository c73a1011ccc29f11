CREATE TABLE photo_files (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	media_type VARCHAR(64) NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
CREATE TABLE people (
	id INTEGER NOT NULL, 
	diaspora_id VARCHAR(255) NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	public_key TEXT NOT NULL, 
	pod_url VARCHAR(255) NOT NULL, 
	closed BOOLEAN NOT NULL, 
	stub BOOLEAN NOT NULL, 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (diaspora_id)
);
CREATE UNIQUE INDEX ix_people_guid ON people (guid);
CREATE TABLE key_pool (
	id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (position)
);
CREATE TABLE pending_migrations (
	id INTEGER NOT NULL, 
	old_id VARCHAR(255) NOT NULL, 
	new_id VARCHAR(255) NOT NULL, 
	envelope BLOB NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (old_id, new_id)
);
CREATE INDEX ix_pending_migrations_state ON pending_migrations (state);
CREATE TABLE mails (
	id INTEGER NOT NULL, 
	recipient VARCHAR(255) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	text TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX ix_mails_state ON mails (state);
CREATE TABLE totals (
	name VARCHAR(16) NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	author_id INTEGER NOT NULL, 
	public BOOLEAN NOT NULL, 
	text TEXT, 
	created_at VARCHAR(20), 
	provider_display_name VARCHAR(255), 
	root_guid VARCHAR(255), 
	root_author_id INTEGER, 
	stub BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES people (id), 
	FOREIGN KEY(root_author_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX reshare_once ON posts (author_id, root_guid);
CREATE INDEX ix_posts_root_author_id ON posts (root_author_id);
CREATE UNIQUE INDEX ix_posts_guid ON posts (guid);
CREATE INDEX ix_posts_author_id ON posts (author_id);
CREATE INDEX ix_posts_root_guid ON posts (root_guid);
CREATE TABLE photos (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	status_message_guid VARCHAR(255), 
	position INTEGER NOT NULL, 
	public BOOLEAN NOT NULL, 
	text TEXT, 
	created_at VARCHAR(20), 
	remote_photo_path TEXT NOT NULL, 
	remote_photo_name VARCHAR(255) NOT NULL, 
	height INTEGER, 
	width INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES people (id)
);
CREATE INDEX ix_photos_author_id ON photos (author_id);
CREATE INDEX ix_photos_status_message_guid ON photos (status_message_guid);
CREATE UNIQUE INDEX ix_photos_guid ON photos (guid);
CREATE TABLE profiles (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	first_name VARCHAR(32), 
	last_name VARCHAR(32), 
	image_url TEXT, 
	image_url_medium TEXT, 
	image_url_small TEXT, 
	bio TEXT, 
	birthday VARCHAR(10), 
	gender VARCHAR(255), 
	location VARCHAR(255), 
	searchable BOOLEAN NOT NULL, 
	public BOOLEAN NOT NULL, 
	nsfw BOOLEAN NOT NULL, 
	tag_string TEXT, 
	edited_at VARCHAR(20), 
	PRIMARY KEY (id), 
	UNIQUE (person_id), 
	FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE TABLE accounts (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	username VARCHAR(32) NOT NULL, 
	email VARCHAR(255) NOT NULL, 
	password_hash VARCHAR(255) NOT NULL, 
	private_key TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	language VARCHAR(16) NOT NULL, 
	disable_mail BOOLEAN NOT NULL, 
	show_community_spotlight BOOLEAN NOT NULL, 
	auto_follow_back BOOLEAN NOT NULL, 
	auto_follow_back_aspect VARCHAR(255), 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (person_id), 
	FOREIGN KEY(person_id) REFERENCES people (id), 
	UNIQUE (username)
);
CREATE TABLE account_migrations (
	id INTEGER NOT NULL, 
	old_person_id INTEGER NOT NULL, 
	new_person_id INTEGER NOT NULL, 
	form VARCHAR(32) NOT NULL, 
	envelope BLOB NOT NULL, 
	originated_here BOOLEAN NOT NULL, 
	created_at VARCHAR(20) NOT NULL, 
	completed_at VARCHAR(20), 
	PRIMARY KEY (id), 
	UNIQUE (old_person_id), 
	FOREIGN KEY(old_person_id) REFERENCES people (id), 
	FOREIGN KEY(new_person_id) REFERENCES people (id)
);
CREATE INDEX ix_account_migrations_new_person_id ON account_migrations (new_person_id);
CREATE TABLE aliases (
	id INTEGER NOT NULL, 
	old_id VARCHAR(255) NOT NULL, 
	new_person_id INTEGER NOT NULL, 
	envelope BLOB NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (old_id), 
	FOREIGN KEY(new_person_id) REFERENCES people (id)
);
CREATE INDEX ix_aliases_new_person_id ON aliases (new_person_id);
CREATE TABLE migration_replies (
	id INTEGER NOT NULL, 
	old_person_id INTEGER NOT NULL, 
	pod_url VARCHAR(255) NOT NULL, 
	sent_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (old_person_id, pod_url), 
	FOREIGN KEY(old_person_id) REFERENCES people (id)
);
CREATE INDEX ix_migration_replies_old_person_id ON migration_replies (old_person_id);
CREATE TABLE account_deletions (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (person_id), 
	FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE TABLE retractions (
	id INTEGER NOT NULL, 
	target_guid VARCHAR(255) NOT NULL, 
	target_type VARCHAR(32) NOT NULL, 
	author_id INTEGER, 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (target_guid, target_type), 
	FOREIGN KEY(author_id) REFERENCES people (id)
);
CREATE INDEX ix_retractions_author_id ON retractions (author_id);
CREATE TABLE conversations (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	created_at VARCHAR(20), 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES people (id)
);
CREATE INDEX ix_conversations_author_id ON conversations (author_id);
CREATE UNIQUE INDEX ix_conversations_guid ON conversations (guid);
CREATE TABLE relayable_signatures (
	id INTEGER NOT NULL, 
	entity VARCHAR(32) NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	signer_id INTEGER NOT NULL, 
	author_signature TEXT, 
	signed TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(signer_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX ix_relayable_signatures_guid ON relayable_signatures (guid);
CREATE INDEX ix_relayable_signatures_signer_id ON relayable_signatures (signer_id);
CREATE TABLE outgoing (
	id INTEGER NOT NULL, 
	entity VARCHAR(32) NOT NULL, 
	guid VARCHAR(255), 
	sender_id INTEGER NOT NULL, 
	payload BLOB NOT NULL, 
	envelope BLOB NOT NULL, 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(sender_id) REFERENCES people (id)
);
CREATE INDEX ix_outgoing_sender_id ON outgoing (sender_id);
CREATE TABLE locations (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	address VARCHAR(255), 
	lat VARCHAR(32) NOT NULL, 
	lng VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (post_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
CREATE TABLE polls (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	post_id INTEGER NOT NULL, 
	question VARCHAR(255) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (post_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX ix_polls_guid ON polls (guid);
CREATE TABLE post_audience (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (post_id, person_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
	FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_post_audience_post_id ON post_audience (post_id);
CREATE INDEX ix_post_audience_person_id ON post_audience (person_id);
CREATE TABLE post_visibilities (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (post_id, account_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
	FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_post_visibilities_post_id ON post_visibilities (post_id);
CREATE INDEX ix_post_visibilities_account_id ON post_visibilities (account_id);
CREATE TABLE sessions (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(account_id) REFERENCES accounts (id), 
	UNIQUE (token_hash)
);
CREATE INDEX ix_sessions_account_id ON sessions (account_id);
CREATE TABLE contacts (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	sharing BOOLEAN NOT NULL, 
	receiving BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (account_id, person_id), 
	FOREIGN KEY(account_id) REFERENCES accounts (id), 
	FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_contacts_person_id ON contacts (person_id);
CREATE INDEX ix_contacts_account_id ON contacts (account_id);
CREATE TABLE aspects (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (account_id, name), 
	FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_aspects_account_id ON aspects (account_id);
CREATE TABLE blocks (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (account_id, person_id), 
	FOREIGN KEY(account_id) REFERENCES accounts (id), 
	FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_blocks_account_id ON blocks (account_id);
CREATE INDEX ix_blocks_person_id ON blocks (person_id);
CREATE TABLE tag_followings (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	tag VARCHAR(255) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (account_id, tag), 
	FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_tag_followings_account_id ON tag_followings (account_id);
CREATE TABLE conversation_participants (
	id INTEGER NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (conversation_id, person_id), 
	FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE, 
	FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_conversation_participants_conversation_id ON conversation_participants (conversation_id);
CREATE INDEX ix_conversation_participants_person_id ON conversation_participants (person_id);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	created_at VARCHAR(20), 
	PRIMARY KEY (id), 
	FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE, 
	FOREIGN KEY(author_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX ix_messages_guid ON messages (guid);
CREATE INDEX ix_messages_author_id ON messages (author_id);
CREATE INDEX ix_messages_conversation_id ON messages (conversation_id);
CREATE TABLE notifications (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	actor_id INTEGER NOT NULL, 
	target_guid VARCHAR(255), 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (account_id, kind, actor_id, target_guid), 
	FOREIGN KEY(account_id) REFERENCES accounts (id), 
	FOREIGN KEY(actor_id) REFERENCES people (id)
);
CREATE INDEX ix_notifications_actor_id ON notifications (actor_id);
CREATE INDEX ix_notifications_account_id ON notifications (account_id);
CREATE TABLE comments (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	created_at VARCHAR(20), 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES people (id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX ix_comments_guid ON comments (guid);
CREATE INDEX ix_comments_author_id ON comments (author_id);
CREATE INDEX ix_comments_post_id ON comments (post_id);
CREATE TABLE participations (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (author_id, post_id), 
	FOREIGN KEY(author_id) REFERENCES people (id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX ix_participations_guid ON participations (guid);
CREATE INDEX ix_participations_post_id ON participations (post_id);
CREATE INDEX ix_participations_author_id ON participations (author_id);
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	recipient_account_id INTEGER, 
	lane VARCHAR(255) NOT NULL, 
	received_at VARCHAR(20) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(20) NOT NULL, 
	reason TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(recipient_account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_inbox_recipient_account_id ON inbox (recipient_account_id);
CREATE INDEX ix_inbox_state ON inbox (state);
CREATE INDEX ix_inbox_lane ON inbox (lane);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	outgoing_id INTEGER NOT NULL, 
	pod_url VARCHAR(255) NOT NULL, 
	recipient_id INTEGER, 
	concerns_id INTEGER, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(20) NOT NULL, 
	finished_at VARCHAR(20), 
	PRIMARY KEY (id), 
	FOREIGN KEY(outgoing_id) REFERENCES outgoing (id) ON DELETE CASCADE, 
	FOREIGN KEY(recipient_id) REFERENCES people (id), 
	FOREIGN KEY(concerns_id) REFERENCES people (id)
);
CREATE INDEX ix_deliveries_outgoing_id ON deliveries (outgoing_id);
CREATE INDEX ix_deliveries_state ON deliveries (state);
CREATE INDEX ix_deliveries_concerns_id ON deliveries (concerns_id);
CREATE INDEX ix_deliveries_recipient_id ON deliveries (recipient_id);
CREATE INDEX ix_deliveries_pod_url ON deliveries (pod_url);
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	archive BLOB NOT NULL, 
	old_id VARCHAR(255) NOT NULL, 
	username VARCHAR(32), 
	email VARCHAR(255), 
	password_hash VARCHAR(255), 
	account_id INTEGER, 
	report TEXT NOT NULL, 
	task VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(20) NOT NULL, 
	created_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE UNIQUE INDEX ix_imports_guid ON imports (guid);
CREATE INDEX ix_imports_task ON imports (task);
CREATE INDEX ix_imports_account_id ON imports (account_id);
CREATE INDEX ix_imports_state ON imports (state);
CREATE TABLE completions (
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	at VARCHAR(255) NOT NULL, 
	account_id INTEGER, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at VARCHAR(20) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (kind, subject), 
	FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_completions_state ON completions (state);
CREATE INDEX ix_completions_account_id ON completions (account_id);
CREATE TABLE poll_answers (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	poll_id INTEGER NOT NULL, 
	answer VARCHAR(255) NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(poll_id) REFERENCES polls (id) ON DELETE CASCADE
);
CREATE INDEX ix_poll_answers_poll_id ON poll_answers (poll_id);
CREATE UNIQUE INDEX ix_poll_answers_guid ON poll_answers (guid);
CREATE TABLE post_aspects (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	aspect_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (post_id, aspect_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
	FOREIGN KEY(aspect_id) REFERENCES aspects (id) ON DELETE CASCADE
);
CREATE INDEX ix_post_aspects_aspect_id ON post_aspects (aspect_id);
CREATE INDEX ix_post_aspects_post_id ON post_aspects (post_id);
CREATE TABLE mentions (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	post_id INTEGER, 
	comment_id INTEGER, 
	PRIMARY KEY (id), 
	UNIQUE (person_id, post_id), 
	UNIQUE (person_id, comment_id), 
	FOREIGN KEY(person_id) REFERENCES people (id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
	FOREIGN KEY(comment_id) REFERENCES comments (id) ON DELETE CASCADE
);
CREATE INDEX ix_mentions_person_id ON mentions (person_id);
CREATE INDEX ix_mentions_post_id ON mentions (post_id);
CREATE INDEX ix_mentions_comment_id ON mentions (comment_id);
CREATE TABLE aspect_memberships (
	id INTEGER NOT NULL, 
	aspect_id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (aspect_id, contact_id), 
	FOREIGN KEY(aspect_id) REFERENCES aspects (id) ON DELETE CASCADE, 
	FOREIGN KEY(contact_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_aspect_memberships_contact_id ON aspect_memberships (contact_id);
CREATE INDEX ix_aspect_memberships_aspect_id ON aspect_memberships (aspect_id);
CREATE TABLE likes (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	post_id INTEGER, 
	comment_id INTEGER, 
	positive BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (author_id, post_id), 
	UNIQUE (author_id, comment_id), 
	FOREIGN KEY(author_id) REFERENCES people (id), 
	FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE, 
	FOREIGN KEY(comment_id) REFERENCES comments (id) ON DELETE CASCADE
);
CREATE INDEX ix_likes_post_id ON likes (post_id);
CREATE INDEX ix_likes_comment_id ON likes (comment_id);
CREATE UNIQUE INDEX ix_likes_guid ON likes (guid);
CREATE INDEX ix_likes_author_id ON likes (author_id);
CREATE TABLE poll_participations (
	id INTEGER NOT NULL, 
	guid VARCHAR(255) NOT NULL, 
	author_id INTEGER NOT NULL, 
	poll_id INTEGER NOT NULL, 
	poll_answer_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (author_id, poll_id), 
	FOREIGN KEY(author_id) REFERENCES people (id), 
	FOREIGN KEY(poll_id) REFERENCES polls (id) ON DELETE CASCADE, 
	FOREIGN KEY(poll_answer_id) REFERENCES poll_answers (id) ON DELETE CASCADE
);
CREATE INDEX ix_poll_participations_poll_answer_id ON poll_participations (poll_answer_id);
CREATE UNIQUE INDEX ix_poll_participations_guid ON poll_participations (guid);
CREATE INDEX ix_poll_participations_poll_id ON poll_participations (poll_id);
CREATE INDEX ix_poll_participations_author_id ON poll_participations (author_id);
