/*
 * A power cut for one flat folder: what was never fsynced is gone, and a file whose name was never made durable by an
 * fsync of the folder does not exist. Preloaded into the program under test; after its kill -9 the test rebuilds the
 * folder from what this shim recorded. GRIDHALL_CUT_DIR: the folder. GRIDHALL_CUT_SHADOW: where the record is kept.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static void copy(const char *from, const char *to) {
  char partial[PATH_MAX], buffer[65536];
  snprintf(partial, sizeof partial, "%s.%d.partial", to, getpid());
  int in = open(from, O_RDONLY | O_CLOEXEC), out = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (in >= 0 && out >= 0) {
    ssize_t n;
    while ((n = read(in, buffer, sizeof buffer)) > 0)
      if (write(out, buffer, n) != n) break;
  }
  if (in >= 0) close(in);
  if (out >= 0) close(out);
  rename(partial, to); /* whole or not at all, also for a kill in the middle */
}

static void record_entries(const char *dir, const char *shadow) {
  char list[PATH_MAX], partial[PATH_MAX], path[PATH_MAX];
  snprintf(list, sizeof list, "%s/entries", shadow);
  snprintf(partial, sizeof partial, "%s/entries.%d", shadow, getpid());
  FILE *out = fopen(partial, "we");
  DIR *open_dir = opendir(dir);
  if (out && open_dir) {
    struct dirent *entry;
    struct stat info;
    while ((entry = readdir(open_dir))) {
      snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
      if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) fprintf(out, "%lu %s\n", (unsigned long)info.st_ino, entry->d_name);
    }
  }
  if (open_dir) closedir(open_dir);
  if (out) fclose(out);
  rename(partial, list);
}

static void record(int fd) {
  const char *dir = getenv("GRIDHALL_CUT_DIR"), *shadow = getenv("GRIDHALL_CUT_SHADOW");
  if (!dir || !shadow) return;
  char link[64], path[PATH_MAX], target[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return;
  path[n] = 0;
  struct stat info;
  if (fstat(fd, &info) != 0) return;
  if (S_ISDIR(info.st_mode)) {
    if (strcmp(path, dir) == 0) record_entries(dir, shadow);
    return;
  }
  size_t length = strlen(dir);
  if (strncmp(path, dir, length) != 0 || path[length] != '/') return;
  snprintf(target, sizeof target, "%s/ino-%lu", shadow, (unsigned long)info.st_ino);
  copy(path, target);
}

int fsync(int fd) {
  if (!real_fsync) real_fsync = dlsym(RTLD_NEXT, "fsync");
  int result = real_fsync(fd);
  if (result == 0) record(fd);
  return result;
}

int fdatasync(int fd) {
  if (!real_fdatasync) real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  int result = real_fdatasync(fd);
  if (result == 0) record(fd);
  return result;
}
