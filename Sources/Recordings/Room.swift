// The room of Recordings.
