// The room of Measures.
