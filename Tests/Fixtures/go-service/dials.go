package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const dialPrefix = "DIAL_"

// dials are the known ways in which the service can be made worse.
//
// Zero is off. A field named every… takes effect on every so many-th request.
type dials struct {
	extraAllocations     int
	extraRounds          uint64
	slow                 share
	slowBy               time.Duration
	leakChannelEvery     uint64
	leakContextEvery     uint64
	leakHeapBytes        int
	leakDescriptorsEvery uint64
	latePool             int
	linger               time.Duration
	fail                 share
	crashAfter           uint64
	refuseAfter          uint64
	startDelay           time.Duration
	exitAtStart          bool
	ignoreTerm           bool
	spawnChild           childKind
}

// readDials reads every DIAL_ variable and returns all problems at once.
//
// An unknown name is a problem too: a mistyped dial would otherwise look like
// a gate that does not notice.
func readDials(environment []string) (dials, []string) {
	var dials dials
	var problems []string
	seen := map[string]bool{}
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, dialPrefix) {
			continue
		}
		seen[name] = true
		if err := dials.set(name, value); err != nil {
			problems = append(problems, fmt.Sprintf("%s=%q: %v", name, value, err))
		}
	}
	if seen["DIAL_SLOW_SHARE"] != seen["DIAL_SLOW_BY"] {
		problems = append(problems, "DIAL_SLOW_SHARE and DIAL_SLOW_BY need each other")
	}
	return dials, problems
}

func (d *dials) set(name, value string) (err error) {
	switch name {
	case "DIAL_EXTRA_ALLOCATIONS":
		d.extraAllocations, err = whole(value, 1_000_000)
	case "DIAL_EXTRA_CPU":
		d.extraRounds, err = rounds(value)
	case "DIAL_SLOW_SHARE":
		d.slow, err = parseShare(value)
	case "DIAL_SLOW_BY":
		d.slowBy, err = duration(value)
	case "DIAL_LEAK_CHANNEL":
		d.leakChannelEvery, err = count(value)
	case "DIAL_LEAK_CONTEXT":
		d.leakContextEvery, err = count(value)
	case "DIAL_LEAK_HEAP":
		d.leakHeapBytes, err = whole(value, 64<<20)
	case "DIAL_LEAK_DESCRIPTOR":
		d.leakDescriptorsEvery, err = count(value)
	case "DIAL_LATE_POOL":
		d.latePool, err = whole(value, 10_000)
	case "DIAL_LINGER":
		d.linger, err = duration(value)
	case "DIAL_FAIL_SHARE":
		d.fail, err = parseShare(value)
	case "DIAL_CRASH_AFTER":
		d.crashAfter, err = count(value)
	case "DIAL_REFUSE_AFTER":
		d.refuseAfter, err = count(value)
	case "DIAL_START_DELAY":
		d.startDelay, err = duration(value)
	case "DIAL_EXIT_AT_START":
		d.exitAtStart, err = toggle(value)
	case "DIAL_IGNORE_TERM":
		d.ignoreTerm, err = toggle(value)
	case "DIAL_SPAWN_CHILD":
		d.spawnChild, err = parseChild(value)
	default:
		err = fmt.Errorf("there is no such dial")
	}
	return err
}

func whole(text string, most int) (int, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > most {
		return 0, fmt.Errorf("expected a whole number from 0 to %d", most)
	}
	return number, nil
}

func count(text string) (uint64, error) {
	number, err := whole(text, 1_000_000_000)
	return uint64(number), err
}

func toggle(text string) (bool, error) {
	switch text {
	case "0":
		return false, nil
	case "1":
		return true, nil
	}
	return false, fmt.Errorf("expected 0 or 1")
}

func duration(text string) (time.Duration, error) {
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 || value > time.Minute {
		return 0, fmt.Errorf("expected a duration from 0s to 1m, such as 20ms")
	}
	return value, nil
}

// rounds reads a number of rounds, or a duration that is worth so many rounds.
func rounds(text string) (uint64, error) {
	if number, err := strconv.ParseUint(text, 10, 64); err == nil {
		if number > 10_000_000_000 {
			return 0, fmt.Errorf("expected at most 10000000000 rounds")
		}
		return number, nil
	}
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 || value > 10*time.Second {
		return 0, fmt.Errorf("expected a duration from 0s to 10s, such as 50us, or a number of rounds")
	}
	return uint64(value.Nanoseconds()) * roundsPerMicrosecond / 1000, nil
}

// share is a part of all requests, in millionths, chosen by counting and not by chance.
type share uint64

func parseShare(text string) (share, error) {
	value, err := strconv.ParseFloat(text, 64)
	// The comparison is turned round so that a NaN fails it.
	if err != nil || !(value >= 0 && value <= 1) {
		return 0, fmt.Errorf("expected a share from 0 to 1, such as 0.2")
	}
	return share(value*1e6 + 0.5), nil
}

// includes reports whether the request with this number, from 1, belongs to the share.
func (s share) includes(number uint64) bool {
	return number*uint64(s)/1_000_000 > (number-1)*uint64(s)/1_000_000
}

// falls reports whether the request with this number, from 1, is an every-th one.
func falls(number, every uint64) bool {
	return every > 0 && number%every == 0
}
