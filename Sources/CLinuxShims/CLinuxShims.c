#define _GNU_SOURCE  // O_PATH, strerrordesc_np
#include "CLinuxShims.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/if_arp.h>
#include <linux/openat2.h>
#include <linux/rtnetlink.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/xattr.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

// MARK: - Files below a root

int CLinuxShims_open_root(const char *path) {
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/// Whether `root` is this process's own root, which no path leaves anyway.
static bool is_own_root(int root) {
    struct stat given, own;
    return fstat(root, &given) == 0 && stat("/", &own) == 0 && given.st_dev == own.st_dev && given.st_ino == own.st_ino;
}

/// openat2(2) that cannot leave `root`.
///
/// RESOLVE_IN_ROOT gives EAGAIN when a rename raced with a ".." of the path; the manual says to try again.
///
/// ENOSYS: RestrictSUIDSGID= of systemd.exec(5) refuses openat2(2), because a filter cannot see the mode in it. Below its
/// own root a process does without.
static int resolve(int root, const char *path, uint64_t flags) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
    long fd = -1;
    for (int attempt = 0; attempt < 8; attempt++) {
        fd = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd < 0 && errno == ENOSYS && is_own_root(root)) fd = openat(root, path, (int)how.flags);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
    }
    return fd < 0 ? -errno : (int)fd;
}

int CLinuxShims_open_in_root(int root, const char *path) {
    // O_NONBLOCK: a FIFO without a writer would make open(2) wait for one. Regular files do not care.
    int fd = resolve(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return fd;
    struct stat status;
    int error = fstat(fd, &status) < 0 ? errno
              : S_ISREG(status.st_mode) ? 0
              : S_ISDIR(status.st_mode) ? EISDIR
                                        : ENXIO;
    if (error == 0) return fd;
    close(fd);
    return -error;
}

int CLinuxShims_exists_in_root(int root, const char *path) {
    int fd = resolve(root, path, O_PATH);
    if (fd < 0) return fd;
    close(fd);
    return 0;
}

long CLinuxShims_read_to_end(int file, uint8_t *buffer, size_t capacity) {
    size_t filled = 0;
    while (filled < capacity) {
        ssize_t count = read(file, buffer + filled, capacity - filled);
        if (count == 0) break;
        if (count > 0) {
            filled += (size_t)count;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return (long)filled;
}

long CLinuxShims_entries_in_root(int root, const char *path, uint8_t *buffer, size_t capacity) {
    int fd = resolve(root, path, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return fd;
    DIR *directory = fdopendir(fd);
    if (directory == NULL) {
        int error = errno;
        close(fd);
        return -error;
    }
    long result = 0;
    for (;;) {
        errno = 0;  // The only way to tell the end from an error: readdir(3).
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            if (errno != 0) result = -errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        size_t length = strlen(entry->d_name) + 1;
        if (length > capacity - (size_t)result) {
            result = -EFBIG;
            break;
        }
        memcpy(buffer + result, entry->d_name, length);
        result += (long)length;
    }
    closedir(directory);
    return result;
}

long CLinuxShims_link_in_root(int root, const char *path, uint8_t *buffer, size_t capacity) {
    int fd = resolve(root, path, O_PATH | O_NOFOLLOW);
    if (fd < 0) return fd;
    struct stat status;
    long result = fstat(fd, &status) < 0 ? -errno : S_ISLNK(status.st_mode) ? 0 : -EINVAL;
    if (result == 0) {
        ssize_t count = readlinkat(fd, "", (char *)buffer, capacity);
        result = count < 0 ? -errno : (size_t)count == capacity ? -EFBIG : count;
    }
    close(fd);
    return result;
}

int CLinuxShims_modified_in_root(int root, const char *path, int64_t *seconds) {
    int fd = resolve(root, path, O_PATH);
    if (fd < 0) return fd;
    struct stat status;
    int result = fstat(fd, &status) < 0 ? -errno : 0;
    if (result == 0) *seconds = status.st_mtim.tv_sec;
    close(fd);
    return result;
}

const char *CLinuxShims_error_description(int code) {
    return strerrordesc_np(code);
}

int CLinuxShims_peer(int fd, int32_t *process, uint32_t *user, uint32_t *group) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -errno;
    *process = peer.pid;
    *user = peer.uid;
    *group = peer.gid;
    return 0;
}

// MARK: - rtnetlink(7)

_Static_assert(NLMSG_DONE == 3 && RTM_NEWLINK == 16 && RTM_DELLINK == 17 && RTM_GETLINK == 18, "CLinuxShims.h");
_Static_assert(RTM_NEWADDR == 20 && RTM_DELADDR == 21 && RTM_GETADDR == 22, "CLinuxShims.h");
_Static_assert(IFLA_ADDRESS == 1 && IFLA_IFNAME == 3 && IFLA_PERM_ADDRESS == 54, "CLinuxShims.h");
_Static_assert(IFA_ADDRESS == 1 && IFA_LOCAL == 2 && ARPHRD_ETHER == 1, "CLinuxShims.h");
_Static_assert(AF_UNSPEC == 0 && AF_INET == 2, "CLinuxShims.h");
// What the parser in Swift assumes of the layout.
_Static_assert(sizeof(struct nlmsghdr) == 16 && sizeof(struct rtattr) == 4, "NetlinkMessages.swift");
_Static_assert(sizeof(struct ifinfomsg) == 16 && sizeof(struct ifaddrmsg) == 8, "NetlinkMessages.swift");

/// Sends the request. Both ifinfomsg and ifaddrmsg begin with the family, and zeros mean "all" in the rest.
static int ask(int sock, uint16_t type, uint8_t family) {
    struct {
        struct nlmsghdr header;
        struct ifinfomsg body;
        struct rtattr attribute;
        uint32_t mask;
    } request = {
        .header = {.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = 1},
        .body = {.ifi_family = family},
        // Counters are most of a link's answer, and nobody here wants them.
        .attribute = {.rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = IFLA_EXT_MASK},
        .mask = RTEXT_FILTER_SKIP_STATS,
    };
    request.header.nlmsg_len = type == RTM_GETLINK ? sizeof request : NLMSG_LENGTH(sizeof(struct ifaddrmsg));
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent = sendto(sock, &request, request.header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel);
    return sent < 0 ? -errno : 0;
}

/// What a datagram of the dump says of the dump itself: 1 at its end, 0 for more to come, or -errno.
///
/// The length is signed because NLMSG_NEXT takes the padding off it, too, which the last message need not have.
static int judge(const uint8_t *datagram, int length) {
    const struct nlmsghdr *message = (const struct nlmsghdr *)datagram;
    for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
        if (message->nlmsg_flags & NLM_F_DUMP_INTR) return -EAGAIN;
        if (message->nlmsg_type != NLMSG_ERROR && message->nlmsg_type != NLMSG_DONE) continue;
        // Both carry a negative errno in their first four bytes; that of NLMSG_DONE is 0 if all went well.
        int error = 0;
        if (message->nlmsg_len >= NLMSG_LENGTH(sizeof error)) memcpy(&error, NLMSG_DATA(message), sizeof error);
        if (error < 0) return error;
        return message->nlmsg_type == NLMSG_DONE ? 1 : -EPROTO;
    }
    return 0;
}

long CLinuxShims_netlink_receive(int sock, uint8_t *buffer, size_t capacity) {
    struct sockaddr_nl sender = {0};
    struct iovec place = {.iov_base = buffer, .iov_len = capacity};
    struct msghdr header = {
        .msg_name = &sender,
        .msg_namelen = sizeof sender,
        .msg_iov = &place,
        .msg_iovlen = 1,
    };
    ssize_t count;
    do count = recvmsg(sock, &header, 0); while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    // Port 0 is the kernel. Another process that writes to this socket is not listened to.
    if (header.msg_namelen != sizeof sender || sender.nl_pid != 0) return 0;
    return header.msg_flags & MSG_TRUNC ? -EFBIG : (long)count;
}

static long receive(int sock, uint8_t *buffer, size_t capacity) {
    size_t filled = 0;
    // A datagram holds a page of messages or more: the count is a bound in time, not in size.
    for (int datagram = 0; datagram < 4096; datagram++) {
        long count = CLinuxShims_netlink_receive(sock, buffer + filled, capacity - filled);
        if (count < 0) return count == -EAGAIN ? -ETIMEDOUT : count;
        if (count == 0) continue;
        int verdict = judge(buffer + filled, (int)count);
        if (verdict < 0) return verdict;
        filled += (size_t)count;
        if (verdict > 0) return (long)filled;
        // The next message has to begin at a multiple of four for the parser, as it does in a datagram.
        while (filled % NLMSG_ALIGNTO != 0 && filled < capacity) buffer[filled++] = 0;
    }
    return -EFBIG;
}

int CLinuxShims_netlink_subscribe(void) {
    int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (sock < 0) return -errno;
    struct sockaddr_nl here = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
    };
    if (bind(sock, (struct sockaddr *)&here, sizeof here) == 0) return sock;
    int error = errno;
    close(sock);
    return -error;
}

int CLinuxShims_has_acl(const char *path) {
    return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

int CLinuxShims_name_thread(unsigned long thread, const char *name) {
    return -pthread_setname_np(thread, name);
}

/// Forgets the pages of one object's segments that are never written to: relocations are in the others.
static int forget(struct dl_phdr_info *object, size_t size, void *data) {
    (void)size, (void)data;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        // A page that a segment shares with its neighbour is left alone.
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void CLinuxShims_rest(void) {
    malloc_trim(0);
    dl_iterate_phdr(forget, NULL);
}

int CLinuxShims_accept(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

long CLinuxShims_netlink_dump(uint16_t type, uint8_t family, uint8_t *buffer, size_t capacity) {
    int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (sock < 0) return -errno;
    struct timeval patience = {.tv_sec = 2};
    long result = setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ? -errno : 0;
    if (result == 0) result = ask(sock, type, family);
    if (result == 0) result = receive(sock, buffer, capacity);
    close(sock);
    return result;
}

// MARK: - timerfd_create(2)

int CLinuxShims_clock_changes(void) {
    int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) return -errno;
    // A timer for the end of time: only its cancellation is waited for. The kernel cancels it in clock_was_set() and
    // in timekeeping_resume(), since both change the distance between CLOCK_REALTIME and CLOCK_MONOTONIC.
    struct itimerspec never = {.it_value.tv_sec = INT64_MAX};
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0) return timer;
    int error = errno;
    close(timer);
    return -error;
}
