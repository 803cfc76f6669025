#define _GNU_SOURCE  // pipe2, posix_spawn_file_actions_addclosefrom_np
#include "CLinuxShims.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// Waits until `fd` can be read, or its other end is closed: 0, -ETIMEDOUT, or another -errno.
static int wait_for(int fd, int64_t deadline) {
    for (;;) {
        int64_t left = deadline - now();
        struct pollfd one = {.fd = fd, .events = POLLIN};
        int count = poll(&one, 1, left > 0 ? (int)left : 0);
        if (count > 0) return 0;
        if (count == 0) return -ETIMEDOUT;
        if (errno != EINTR) return -errno;
    }
}

static long read_until(int fd, int64_t deadline, uint8_t *buffer, size_t capacity) {
    size_t filled = 0;
    for (;;) {
        int ready = wait_for(fd, deadline);
        if (ready < 0) return ready;
        uint8_t more;
        ssize_t count = filled < capacity ? read(fd, buffer + filled, capacity - filled) : read(fd, &more, 1);
        if (count == 0) return (long)filled;
        if (count < 0 && errno != EINTR && errno != EAGAIN) return -errno;
        if (count > 0 && filled == capacity) return -EFBIG;
        if (count > 0) filled += (size_t)count;
    }
}

/// Takes this thread's ambient capabilities away, and returns them: a program that it starts inherits none then.
static uint64_t drop_ambient(void) {
    uint64_t held = 0;
    for (int capability = 0; capability < 64; capability++) {
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1) held |= UINT64_C(1) << capability;
    }
    if (held != 0) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return held;
}

static void raise_ambient(uint64_t held) {
    for (int capability = 0; capability < 64; capability++) {
        if (held >> capability & 1) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
    }
}

static int spawn(char *const arguments[], int output, pid_t *child) {
    static char *const environment[] = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        error = posix_spawnattr_setflags(&attributes, flags);
        if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
        if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
        if (error == 0) error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, output, 1);
        if (error == 0) error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        uint64_t ambient = drop_ambient();
        if (error == 0) error = posix_spawn(child, arguments[0], &actions, &attributes, arguments, environment);
        raise_ambient(ambient);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return -error;
}

/// Waits until the child has ended, and leaves its status: 0, -ETIMEDOUT, or another -errno.
static int wait_for_end(pid_t child, int64_t deadline) {
    // glibc before 2.36 has no function of that name.
    int fd = (int)syscall(SYS_pidfd_open, child, 0);
    if (fd < 0) return -errno;
    int ended = wait_for(fd, deadline);
    close(fd);
    return ended;
}

long CLinuxShims_run(char *const arguments[], int milliseconds, uint8_t *buffer, size_t capacity) {
    int64_t deadline = now() + milliseconds;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    pid_t child = 0;
    long result = spawn(arguments, ends[1], &child);
    close(ends[1]);
    if (result < 0) {
        close(ends[0]);
        return result;
    }
    result = read_until(ends[0], deadline, buffer, capacity);
    close(ends[0]);
    // Whoever still runs where nobody wants more of its output is not waited for.
    int ended = result < 0 ? -ETIMEDOUT : wait_for_end(child, deadline);
    // The child's status is not taken yet, so that its number is nobody else's.
    kill(-child, SIGKILL);
    // What SIGKILL does not end within a second hangs in the kernel.
    if (ended < 0) wait_for_end(child, now() + 1000);
    int status = 0;
    pid_t reaped = waitpid(child, &status, WNOHANG);
    if (result < 0) return result;
    if (ended < 0) return ended;
    return reaped == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? result : -ECHILD;
}
