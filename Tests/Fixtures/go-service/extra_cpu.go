package main

// roundsPerMicrosecond turns a duration into rounds of the loop below.
//
// It is a constant of the source, not measured at start: two starts must do
// the same work, and the machine decides how long that takes.
const roundsPerMicrosecond = 900

// recomputeChecksum burns processor time by hashing, the same work for the
// same number of rounds (DIAL_EXTRA_CPU).
//
//go:noinline
func recomputeChecksum(rounds uint64) uint64 {
	hash := uint64(14695981039346656037)
	for round := uint64(0); round < rounds; round++ {
		hash = (hash ^ round) * 1099511628211
	}
	return hash
}
