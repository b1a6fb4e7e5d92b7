// The room of Captures.
