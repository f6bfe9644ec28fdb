/* Keeps of the files below POWERCUT_DATA what was synced, in POWERCUT_KEPT: what a disk that
   loses everything else would have after a power cut. Loaded with LD_PRELOAD.

   The bytes are read through the very descriptor that is synced. Opening the file anew and
   closing it would drop the locks that SQLite holds on it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static const char *kept_name(int fd, char *path) {
  const char *data = getenv("POWERCUT_DATA");
  char link[64];
  ssize_t length;
  if (!data || !getenv("POWERCUT_KEPT")) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return NULL;
  path[length] = 0;
  if (strncmp(path, data, strlen(data))) return NULL;
  return strrchr(path, '/') + 1;
}

static void copy(int fd, const char *name) {
  char target[PATH_MAX], fresh[PATH_MAX + 8], bytes[1 << 16];
  ssize_t read_now;
  off_t at = 0;
  int out;
  snprintf(target, sizeof target, "%s/%s", getenv("POWERCUT_KEPT"), name);
  snprintf(fresh, sizeof fresh, "%s.new", target);
  out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out < 0) return;
  while ((read_now = pread(fd, bytes, sizeof bytes, at)) > 0) {
    if (write(out, bytes, read_now) != read_now) break;
    at += read_now;
  }
  close(out);
  if (read_now == 0) rename(fresh, target);
}

static int keep(int fd, const char *call) {
  sync_call real = (sync_call)dlsym(RTLD_NEXT, call);
  char path[PATH_MAX], guard[PATH_MAX];
  const char *name = kept_name(fd, path);
  struct stat about;
  int lock, done;
  if (!name || fstat(fd, &about) || !S_ISREG(about.st_mode)) return real(fd);
  snprintf(guard, sizeof guard, "%s/.lock", getenv("POWERCUT_KEPT"));
  lock = open(guard, O_RDWR | O_CREAT, 0600);
  flock(lock, LOCK_EX);
  done = real(fd);
  if (!done) copy(fd, name);
  close(lock);
  return done;
}

/* A name that is taken away is gone: file systems write their folders in order. */
int unlink(const char *path) {
  int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  const char *data = getenv("POWERCUT_DATA"), *kept = getenv("POWERCUT_KEPT");
  char target[PATH_MAX];
  if (data && kept && !strncmp(path, data, strlen(data))) {
    snprintf(target, sizeof target, "%s/%s", kept, strrchr(path, '/') + 1);
    real(target);
  }
  return real(path);
}

int fsync(int fd) { return keep(fd, "fsync"); }
int fdatasync(int fd) { return keep(fd, "fdatasync"); }
