-- Playlists are heard in the order of their prompts.

ALTER TABLE playlists DROP COLUMN shuffle;
