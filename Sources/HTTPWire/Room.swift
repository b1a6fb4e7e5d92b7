// The room of HTTPWire.
