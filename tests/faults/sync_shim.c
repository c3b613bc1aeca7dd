/*
 * Preloaded into a database's process: sees each write and each disk sync, and can make the disk slow.
 *
 *   SHIM_LOG            file that the lines below are appended to; without it nothing is logged
 *   SHIM_FILE           only writes and syncs of files whose path contains this text are logged
 *   SHIM_MARK           text that a test puts into its answers; the 8 digits after it are logged
 *   SHIM_SYNC_DELAY_US  every completed sync takes so many microseconds more
 *
 *   W <pid> <completed> <bytes> <marks with commas between, or ->
 *   S <pid> <began> <completed> <what the sync returned>
 *
 * Times are CLOCK_MONOTONIC in nanoseconds. A sync is logged when it has come back from the kernel.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MARK_TAIL 8
#define MARKS_A_LINE 200

static int log_file = -1;
static const char *watched;
static const char *mark;
static long delay_ns;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static char *copy_of(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* Also called by the first write, should that come before this library's turn. */
__attribute__((constructor)) static void set_up(void)
{
    if (real_fdatasync)
        return;
    const char *path = getenv("SHIM_LOG");
    const char *delay = getenv("SHIM_SYNC_DELAY_US");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    /* Copies: PostgreSQL writes its process titles over its first environment. */
    watched = copy_of(getenv("SHIM_FILE"));
    mark = copy_of(getenv("SHIM_MARK"));
    delay_ns = delay ? atol(delay) * 1000L : 0;
    if (path && watched)
        log_file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
}

static long long now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static int is_watched(int fd)
{
    char link[64], path[PATH_MAX];
    ssize_t length;
    if (log_file < 0 || fd == log_file)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return strstr(path, watched) != NULL;
}

/* One system call a line: appended whole, also when several processes write. */
static void say(const char *line, int length)
{
    syscall(SYS_write, log_file, line, (size_t)length);
}

static int are_digits(const char *text)
{
    for (int at = 0; at < MARK_TAIL; at++)
        if (text[at] < '0' || text[at] > '9')
            return 0;
    return 1;
}

static int find_marks(char *to, const char *bytes, size_t count)
{
    size_t mark_length = mark ? strlen(mark) : 0;
    const char *end = bytes + count, *at = bytes;
    int used = 0, found = 0;
    if (!mark_length)
        return 0;
    while (found < MARKS_A_LINE && (at = memmem(at, end - at, mark, mark_length)) != NULL) {
        at += mark_length;
        if (end - at < MARK_TAIL)
            break;
        if (!are_digits(at))
            continue;
        if (used)
            to[used++] = ',';
        memcpy(to + used, at, MARK_TAIL);
        used += MARK_TAIL;
        found++;
    }
    return used;
}

static void say_written(const void *bytes, ssize_t count)
{
    int saved = errno;
    char line[128 + MARKS_A_LINE * (MARK_TAIL + 1)];
    int used = snprintf(line, 128, "W %d %lld %zd ", getpid(), now(), count);
    int marks = find_marks(line + used, bytes, (size_t)count);
    if (!marks)
        line[used] = '-';
    used += marks ? marks : 1;
    line[used++] = '\n';
    say(line, used);
    errno = saved;
}

static int synced(int fd, int (*real)(int))
{
    long long began = now();
    int result = real(fd), saved = errno;
    if (delay_ns > 0) {
        struct timespec length = {delay_ns / 1000000000L, delay_ns % 1000000000L};
        while (nanosleep(&length, &length) != 0)
            continue;
    }
    if (is_watched(fd)) {
        char line[128];
        say(line, snprintf(line, sizeof line, "S %d %lld %lld %d\n", getpid(), began, now(), result));
    }
    errno = saved;
    return result;
}

int fsync(int fd)
{
    set_up();
    return synced(fd, real_fsync);
}

int fdatasync(int fd)
{
    set_up();
    return synced(fd, real_fdatasync);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    set_up();
    ssize_t done = real_write(fd, bytes, count);
    if (done > 0 && is_watched(fd))
        say_written(bytes, done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset)
{
    set_up();
    ssize_t done = real_pwrite(fd, bytes, count, offset);
    if (done > 0 && is_watched(fd))
        say_written(bytes, done);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(fd, bytes, count, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset)
{
    set_up();
    ssize_t done = real_pwritev(fd, parts, count, offset);
    if (done > 0 && is_watched(fd))
        for (int at = 0; at < count; at++)
            say_written(parts[at].iov_base, (ssize_t)parts[at].iov_len);
    return done;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return pwritev64(fd, parts, count, offset);
}
