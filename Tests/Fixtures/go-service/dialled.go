package main

import (
	"net/http"
	"strings"
	"sync/atomic"
)

// dialled puts the dials in front of the API.
//
// The readiness check and the profiles are not touched and not counted, so
// that looking at the service does not change what is measured.
type dialled struct {
	dials    dials
	api      http.Handler
	requests atomic.Uint64
}

func newDialled(dials dials, api http.Handler) http.Handler {
	return &dialled{dials: dials, api: api}
}

func (d *dialled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" || strings.HasPrefix(r.URL.Path, "/debug/pprof/") {
		d.api.ServeHTTP(w, r)
		return
	}
	number := d.requests.Add(1)
	if d.dials.crashAfter > 0 && number > d.dials.crashAfter {
		crash(d.dials.crashAfter)
	}
	if d.dials.refuseAfter > 0 && number > d.dials.refuseAfter {
		refuseRequest(w)
		return
	}
	if falls(number, d.dials.leakChannelEvery) {
		logRequest(r.Method, r.URL.Path)
	}
	if falls(number, d.dials.leakContextEvery) {
		startWatching()
	}
	if d.dials.leakHeapBytes > 0 {
		rememberSession(d.dials.leakHeapBytes)
	}
	if falls(number, d.dials.leakDescriptorsEvery) {
		keepDescriptor()
	}
	if d.dials.latePool > 0 && number > latePoolAfter {
		fillLatePool(d.dials.latePool)
	}
	if d.dials.linger > 0 {
		linger(d.dials.linger)
	}
	if d.dials.extraAllocations > 0 {
		buildAuditTrail(d.dials.extraAllocations)
	}
	if d.dials.extraRounds > 0 {
		recomputeChecksum(d.dials.extraRounds)
	}
	if d.dials.slow.includes(number) {
		waitForSlowBackend(d.dials.slowBy)
	}
	if d.dials.fail.includes(number) {
		failRequest(w)
		return
	}
	d.api.ServeHTTP(w, r)
}
