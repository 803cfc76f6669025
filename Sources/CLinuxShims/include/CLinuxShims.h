/// What Linux gives only through C: flags and structures that Swift cannot import.
///
/// Every function returns a result >= 0, or -errno, so that Swift never reads `errno` itself. None of them blocks
/// for longer than its comment says, and none keeps state.
#pragma once

#include <stddef.h>
#include <stdint.h>

// MARK: - Files below a root

/// Opens the directory `path` as a root for the functions below; the descriptor can do nothing else (O_PATH).
int CLinuxShims_open_root(const char *path);

/// Opens the regular file `path` of `root` for reading; symbolic links stay inside of the root.
///
/// -EISDIR for a directory, -ENXIO for whatever else is no regular file, as open(2) says it of a socket. Never waits
/// for the other end of a FIFO.
int CLinuxShims_open_in_root(int root, const char *path);

/// 0 if `path` is there in `root`, whatever it is, -ENOENT or -ENOTDIR if it is not, another -errno if that cannot be
/// told. A symbolic link is followed: a dangling one is not there.
int CLinuxShims_exists_in_root(int root, const char *path);

/// Reads until the end of the file or until `buffer` is full, and returns how many bytes that are.
///
/// By read(2) alone: procfs and sysfs give no size, and no more than a page at a time.
long CLinuxShims_read_to_end(int file, uint8_t *buffer, size_t capacity);

/// Writes the names in the directory `path` of `root` into `buffer`, each with a NUL behind it, without "." and
/// "..", and returns the number of bytes. -EFBIG if they do not fit.
long CLinuxShims_entries_in_root(int root, const char *path, uint8_t *buffer, size_t capacity);

/// Writes where the symbolic link `path` of `root` leads, as it is written, into `buffer`, and returns the number of bytes.
/// -EINVAL for what is no link, -EFBIG if it does not fit.
long CLinuxShims_link_in_root(int root, const char *path, uint8_t *buffer, size_t capacity);

/// Writes when `path` of `root` was last modified, in seconds since the epoch; 0, or -errno.
int CLinuxShims_modified_in_root(int root, const char *path, int64_t *seconds);

/// The C library's sentence for an errno, never translated, or NULL: strerror(3) uses a buffer that threads share.
const char *CLinuxShims_error_description(int code);

/// 1 if an access control list of `path` says more than its mode, else 0.
int CLinuxShims_has_acl(const char *path);

/// pthread_setname_np(3): `name` has fifteen bytes at most.
int CLinuxShims_name_thread(unsigned long thread, const char *name);

/// Gives back to the kernel what a process at rest does not need: free heap (malloc_trim(3)), and the pages of program and
/// libraries that nobody can have changed (madvise(2), MADV_DONTNEED); one that is used again comes from the page cache.
void CLinuxShims_rest(void);

/// accept4(2) with SOCK_CLOEXEC: waits for a connection.
int CLinuxShims_accept(int listener);

/// Who is at the other end of the connected AF_UNIX socket `fd`: SO_PEERCRED of unix(7), whose `struct ucred` Swift
/// does not import.
int CLinuxShims_peer(int fd, int32_t *process, uint32_t *user, uint32_t *group);
// MARK: - Programs

/// Runs the program of the absolute path `arguments[0]` and writes what it prints into `buffer`; the number of bytes.
///
/// The program has no input, no environment but LANG and PATH, no descriptors but its output, and a process group of
/// its own, which is killed after `milliseconds` (-ETIMEDOUT), as soon as it prints more than `capacity` (-EFBIG), and
/// when its output ends. Blocks for a second more at most. -ECHILD if it ends with another status than 0.
long CLinuxShims_run(char *const arguments[], int milliseconds, uint8_t *buffer, size_t capacity);

// MARK: - rtnetlink(7)

/// Writes all answers to the dump request `type` (RTM_GETLINK, RTM_GETADDR) for `family` into `buffer`, through
/// NLMSG_DONE, and returns the number of bytes.
///
/// Blocks for two seconds at most without an answer (-ETIMEDOUT). -EAGAIN if the table changed under the dump: ask
/// again. -EFBIG if the answers do not fit into `capacity`.
long CLinuxShims_netlink_dump(uint16_t type, uint8_t family, uint8_t *buffer, size_t capacity);

/// A socket that gets a message for each change of links and of IPv4 and IPv6 addresses; reading it never waits.
int CLinuxShims_netlink_subscribe(void);

/// Takes the next datagram of such a socket, and returns the number of bytes.
///
/// 0 for one that did not come from the kernel, -EAGAIN if there is none, -ENOBUFS if the kernel had to drop some,
/// -EFBIG if it does not fit into `capacity`.
long CLinuxShims_netlink_receive(int sock, uint8_t *buffer, size_t capacity);

// <linux/rtnetlink.h> collides with the <net/if.h> of Swift's Glibc module, and its macros have casts. The numbers
// are kernel ABI; CLinuxShims.c asserts each against the header.

static const uint16_t CLinuxShims_NLMSG_DONE = 3;
static const uint16_t CLinuxShims_RTM_NEWLINK = 16;
static const uint16_t CLinuxShims_RTM_DELLINK = 17;
static const uint16_t CLinuxShims_RTM_GETLINK = 18;
static const uint16_t CLinuxShims_RTM_NEWADDR = 20;
static const uint16_t CLinuxShims_RTM_DELADDR = 21;
static const uint16_t CLinuxShims_RTM_GETADDR = 22;
static const uint16_t CLinuxShims_IFLA_ADDRESS = 1;
static const uint16_t CLinuxShims_IFLA_IFNAME = 3;
static const uint16_t CLinuxShims_IFLA_PERM_ADDRESS = 54;
static const uint16_t CLinuxShims_IFA_ADDRESS = 1;
static const uint16_t CLinuxShims_IFA_LOCAL = 2;
static const uint16_t CLinuxShims_ARPHRD_ETHER = 1;
static const uint8_t CLinuxShims_AF_UNSPEC = 0;
static const uint8_t CLinuxShims_AF_INET = 2;

// MARK: - timerfd_create(2)

/// A descriptor that becomes readable each time the wall clock is set, and after a suspend; reading it never waits.
int CLinuxShims_clock_changes(void);
