package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/pprof"
	"strconv"
	"strings"
)

// The one password every user of this service has.
const password = "open-sesame"

// The largest request body read.
const bodyLimit = 1 << 20

const (
	itemsPerPage = 20
	lastPage     = 1000
	chunks       = 4
)

var tokenKey = []byte("go-service token key")

// newAPI returns the service without any dial, and the profiles beside it.
func newAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	mux.HandleFunc("POST /login", login)
	mux.HandleFunc("GET /items", listItems)
	mux.HandleFunc("POST /orders", placeOrder)
	mux.HandleFunc("/echo/", echo)
	mux.HandleFunc("GET /redirect", redirect)
	mux.HandleFunc("GET /chunked", sendChunks)
	mux.HandleFunc("/", notFound)

	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

type problem struct {
	Error string `json:"error"`
}

func health(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, struct {
		Status string `json:"status"`
	}{"ok"})
}

func login(w http.ResponseWriter, r *http.Request) {
	var credentials struct {
		User     string `json:"user"`
		Password string `json:"password"`
	}
	if err := readJSON(w, r, &credentials); err != nil {
		writeJSON(w, http.StatusBadRequest, problem{err.Error()})
		return
	}
	if credentials.User == "" || !hmac.Equal([]byte(credentials.Password), []byte(password)) {
		writeJSON(w, http.StatusUnauthorized, problem{"unknown user or wrong password"})
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Token string `json:"token"`
	}{tokenOf(credentials.User)})
}

type item struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Price int    `json:"priceInCents"`
}

func listItems(w http.ResponseWriter, r *http.Request) {
	page := 1
	if text := r.URL.Query().Get("page"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 || number > lastPage {
			writeJSON(w, http.StatusBadRequest, problem{fmt.Sprintf("page must be a number from 1 to %d", lastPage)})
			return
		}
		page = number
	}
	items := make([]item, itemsPerPage)
	for i := range items {
		id := (page-1)*itemsPerPage + i + 1
		items[i] = item{ID: id, Name: "item " + strconv.Itoa(id), Price: 100 + id%900}
	}
	writeJSON(w, http.StatusOK, struct {
		Page  int    `json:"page"`
		Items []item `json:"items"`
	}{page, items})
}

func placeOrder(w http.ResponseWriter, r *http.Request) {
	user, ok := userOf(r.Header.Get("Authorization"))
	if !ok {
		writeJSON(w, http.StatusUnauthorized, problem{"a bearer token from /login is needed"})
		return
	}
	order := struct {
		Item     int `json:"item"`
		Quantity int `json:"quantity"`
	}{Item: 1, Quantity: 1}
	if err := readJSON(w, r, &order); err != nil && !errors.Is(err, io.EOF) {
		writeJSON(w, http.StatusBadRequest, problem{err.Error()})
		return
	}
	writeJSON(w, http.StatusCreated, struct {
		State    string `json:"state"`
		User     string `json:"user"`
		Item     int    `json:"item"`
		Quantity int    `json:"quantity"`
	}{"accepted", user, order.Item, order.Quantity})
}

func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		writeJSON(w, http.StatusBadRequest, problem{err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Method  string      `json:"method"`
		Path    string      `json:"path"`
		Query   string      `json:"query"`
		Headers http.Header `json:"headers"`
		Body    string      `json:"body"`
	}{r.Method, r.URL.Path, r.URL.RawQuery, r.Header, string(body)})
}

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/healthz", http.StatusFound)
}

// sendChunks flushes after every part, so that the length is unknown when the header is sent.
func sendChunks(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	flusher := http.NewResponseController(w)
	for part := 1; part <= chunks; part++ {
		if _, err := fmt.Fprintf(w, "{\"part\":%d}\n", part); err != nil {
			return
		}
		if err := flusher.Flush(); err != nil {
			return
		}
	}
}

func notFound(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusNotFound, problem{"no such resource"})
}

func tokenOf(user string) string {
	mac := hmac.New(sha256.New, tokenKey)
	mac.Write([]byte(user))
	return hex.EncodeToString([]byte(user)) + "." + hex.EncodeToString(mac.Sum(nil))
}

func userOf(authorization string) (string, bool) {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return "", false
	}
	encoded, _, ok := strings.Cut(token, ".")
	if !ok {
		return "", false
	}
	user, err := hex.DecodeString(encoded)
	if err != nil || !hmac.Equal([]byte(tokenOf(string(user))), []byte(token)) {
		return "", false
	}
	return string(user), true
}

func readJSON(w http.ResponseWriter, r *http.Request, value any) error {
	return json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(value)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An error here means that the client has gone; there is nobody left to tell.
	_, _ = w.Write(body)
}
