package main

import (
	"fmt"
	"strconv"
	"strings"
)

const dialPrefix = "DIAL_"

// dials are the known ways in which the service can be made worse. Zero is off.
type dials struct {
	extraAllocations int
	leakChannelEvery uint64
}

// readDials reads every DIAL_ variable and returns all problems at once.
func readDials(environment []string) (dials, []string) {
	var dials dials
	var problems []string
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, dialPrefix) {
			continue
		}
		if err := dials.set(name, value); err != nil {
			problems = append(problems, fmt.Sprintf("%s=%q: %v", name, value, err))
		}
	}
	return dials, problems
}

func (d *dials) set(name, value string) error {
	switch name {
	case "DIAL_EXTRA_ALLOCATIONS":
		number, err := whole(value, 1_000_000)
		d.extraAllocations = number
		return err
	case "DIAL_LEAK_CHANNEL":
		number, err := whole(value, 1_000_000_000)
		d.leakChannelEvery = uint64(number)
		return err
	}
	return fmt.Errorf("there is no such dial")
}

func whole(text string, most int) (int, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > most {
		return 0, fmt.Errorf("expected a whole number from 0 to %d", most)
	}
	return number, nil
}
