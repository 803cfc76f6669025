/* SQLite as Swift sees it: the library that NSS keeps its databases with. */
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

/* sqlite3_db_config(3) takes a varying list of arguments, which Swift does not import. */
static inline int CSQLite_set(sqlite3 *connection, int option, int value)
{
    return sqlite3_db_config(connection, option, value, (int *)0);
}

/* What sqlite3_auto_extension(3) really calls: its declared type has no arguments. */
typedef int (*CSQLite_entry)(sqlite3 *connection, char **message, const struct sqlite3_api_routines *routines);

/* Has `entry` called for each connection that is opened in this process, by whatever library. */
static inline int CSQLite_watch_connections(CSQLite_entry entry)
{
    return sqlite3_auto_extension((void (*)(void))entry);
}

static inline int CSQLite_unwatch_connections(CSQLite_entry entry)
{
    return sqlite3_cancel_auto_extension((void (*)(void))entry);
}

/* open(2) of files and directories only, which never waits for the other end of a FIFO. */
static inline int CSQLite_open_file(const char *path, int flags, int mode)
{
    struct stat status;
    int file = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
    if (file < 0) return file;
    if (fstat(file, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) return file;
    close(file);
    errno = ENXIO;
    return -1;
}

/* Has SQLite open files in this process with the function above; SQLITE_OK, or why not. */
static inline int CSQLite_open_without_waiting(void)
{
    sqlite3_vfs *files = sqlite3_vfs_find((const char *)0);
    if (files == 0 || files->iVersion < 3 || files->xSetSystemCall == 0) return SQLITE_ERROR;
    return files->xSetSystemCall(files, "open", (sqlite3_syscall_ptr)CSQLite_open_file);
}
