// The room of LoadGen.
