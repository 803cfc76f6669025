/// libcurl as Swift sees it: loaded when it is first used, since loading it with the thirty libraries that it needs takes a
/// program 6 ms at its start, and most of what the agent does needs no network.
///
/// Nothing here may be called before `CCurl_load` has succeeded. curl_easy_setopt(3) and curl_easy_getinfo(3) are variadic,
/// so each kind of value has a function; what has libcurl's name without it does what libcurl's does.
#pragma once

#include <curl/curl.h>

/// Loads libcurl and starts it, once; not to be called by two threads at the same time.
///
/// Returns NULL, or why libcurl cannot be used; the text stays.
const char *CCurl_load(void);

// MARK: - Handles

CURL *CCurl_easy_init(void);
void CCurl_easy_reset(CURL *handle);
void CCurl_easy_cleanup(CURL *handle);
CURLcode CCurl_easy_perform(CURL *handle);

// MARK: - Options

CURLcode CCurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode CCurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode CCurl_set_pointer(CURL *handle, CURLoption option, void *value);

/// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION take the same kind of function.
CURLcode CCurl_set_function(CURL *handle, CURLoption option, size_t (*function)(char *, size_t, size_t, void *));

/// HTTP and HTTPS only; the option with names is newer than some distributions' libcurl.
CURLcode CCurl_allow_http_only(CURL *handle);

/// Where a request of libcurl's would have gone first.
struct CCurl_destination {
    /// How many sockets it asked for.
    int sockets;
    /// The address and the port of the first, as numbers; empty where it is no address of the internet.
    char host[64];
    char port[8];
};

/// Makes the handle note into `destination` where it would connect to, and connect to nothing.
CURLcode CCurl_observe(CURL *handle, struct CCurl_destination *destination);

// MARK: - Information

/// What has the type long.
CURLcode CCurl_get_long(CURL *handle, CURLINFO info, long *value);

/// Times, in microseconds.
CURLcode CCurl_get_time(CURL *handle, CURLINFO info, curl_off_t *value);

/// What has the type char *; it lives as long as the handle, and may be NULL.
CURLcode CCurl_get_text(CURL *handle, CURLINFO info, const char **value);

/// The other end's own certificate as "Name:value" lines, or NULL: CURLINFO_CERTINFO(3). It lives as long as the handle.
const struct curl_slist *CCurl_certificate(CURL *handle);

// MARK: - The rest

const char *CCurl_easy_strerror(CURLcode code);
struct curl_slist *CCurl_slist_append(struct curl_slist *list, const char *line);
void CCurl_slist_free_all(struct curl_slist *list);
time_t CCurl_getdate(const char *text);
