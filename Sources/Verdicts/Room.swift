// The room of Verdicts.
