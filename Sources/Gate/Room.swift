// The room of Gate.
