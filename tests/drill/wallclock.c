/* Sets the wall clock of the programs that load it ahead by the seconds that stand in the file
   WALLCLOCK_AHEAD, as eight bytes that may change at any time. What is monotonic goes on as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *ahead;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("WALLCLOCK_AHEAD");
  int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  void *seen = fd < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, fd, 0);
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  if (seen != MAP_FAILED) ahead = seen;
  if (fd >= 0) close(fd);
}

int clock_gettime(clockid_t which, struct timespec *told) {
  int done;
  if (!real) begin();
  done = real(which, told);
  if (!done && ahead && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
    told->tv_sec += *ahead;
  return done;
}

int gettimeofday(struct timeval *restrict told, void *restrict zone) {
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
  told->tv_sec = now.tv_sec;
  told->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *told) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (told) *told = now.tv_sec;
  return now.tv_sec;
}
