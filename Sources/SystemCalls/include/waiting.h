#pragma once

// Waiting for sockets, instants and other threads, which the Swift module of the C library leaves out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
