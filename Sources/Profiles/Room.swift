// The room of Profiles.
