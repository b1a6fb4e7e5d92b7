package main

import (
	"fmt"
	"net/http"
	"net/http/pprof"
	"strconv"

	"github.com/gin-gonic/gin"
)

const (
	itemsPerPage = 20
	lastPage     = 1000
)

type item struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Price int    `json:"priceInCents"`
}

type order struct {
	Item     int `json:"item"`
	Quantity int `json:"quantity"`
}

// newRouter registers the middlewares after the readiness check and the
// profiles, so that only real requests pass through them.
func newRouter(dials dials) http.Handler {
	router := gin.New()
	router.Use(gin.Recovery())
	router.GET("/healthz", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"status": "ok"})
	})
	router.GET("/debug/pprof/*profile", profiles)

	router.Use(logRequest(dials.leakChannelEvery))
	if dials.extraAllocations > 0 {
		router.Use(audit(dials.extraAllocations))
	}
	router.GET("/items", listItems)
	router.POST("/orders", placeOrder)
	return router
}

func profiles(c *gin.Context) {
	switch c.Param("profile") {
	case "/cmdline":
		pprof.Cmdline(c.Writer, c.Request)
	case "/profile":
		pprof.Profile(c.Writer, c.Request)
	case "/symbol":
		pprof.Symbol(c.Writer, c.Request)
	case "/trace":
		pprof.Trace(c.Writer, c.Request)
	default:
		pprof.Index(c.Writer, c.Request)
	}
}

func listItems(c *gin.Context) {
	page, err := strconv.Atoi(c.DefaultQuery("page", "1"))
	if err != nil || page < 1 || page > lastPage {
		c.JSON(http.StatusBadRequest, gin.H{"error": fmt.Sprintf("page must be a number from 1 to %d", lastPage)})
		return
	}
	items := make([]item, itemsPerPage)
	for i := range items {
		id := (page-1)*itemsPerPage + i + 1
		items[i] = item{ID: id, Name: "item " + strconv.Itoa(id), Price: 100 + id%900}
	}
	c.JSON(http.StatusOK, gin.H{"page": page, "items": items})
}

func placeOrder(c *gin.Context) {
	order := order{Item: 1, Quantity: 1}
	if c.Request.ContentLength != 0 {
		if err := c.ShouldBindJSON(&order); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
	}
	c.JSON(http.StatusCreated, gin.H{"state": "accepted", "item": order.Item, "quantity": order.Quantity})
}
