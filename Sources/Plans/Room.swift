// The room of Plans.
