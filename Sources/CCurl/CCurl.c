#include "CCurl.h"

#include <dlfcn.h>
#include <netdb.h>

// What is taken from libcurl. The header has a macro for some of the names.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#define FUNCTIONS(use) \
    use(curl_global_init) use(curl_easy_init) use(curl_easy_reset) use(curl_easy_cleanup) use(curl_easy_perform) \
    use(curl_easy_setopt) use(curl_easy_getinfo) use(curl_easy_strerror) use(curl_slist_append) \
    use(curl_slist_free_all) use(curl_getdate)

// The functions, by their own names and with the types that the header declares.
#define MEMBER(name) __typeof__(&name) name;
static struct { FUNCTIONS(MEMBER) } library;

const char *CCurl_load(void) {
    // The name of the ABI, which has not changed since 2006. What libcurl needs is looked up at once: a library that is
    // missing is an error now, and not the end of the process later.
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return dlerror();
#define LOOK_UP(name) \
    if (!(library.name = (__typeof__(&name))dlsym(handle, #name))) return dlerror();
    FUNCTIONS(LOOK_UP)
    CURLcode code = library.curl_global_init(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK ? NULL : library.curl_easy_strerror(code);
}

CURL *CCurl_easy_init(void) { return library.curl_easy_init(); }

void CCurl_easy_reset(CURL *handle) { library.curl_easy_reset(handle); }

void CCurl_easy_cleanup(CURL *handle) { library.curl_easy_cleanup(handle); }

CURLcode CCurl_easy_perform(CURL *handle) { return library.curl_easy_perform(handle); }

CURLcode CCurl_set_long(CURL *handle, CURLoption option, long value) {
    return library.curl_easy_setopt(handle, option, value);
}

CURLcode CCurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return library.curl_easy_setopt(handle, option, value);
}

CURLcode CCurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return library.curl_easy_setopt(handle, option, value);
}

CURLcode CCurl_set_function(CURL *handle, CURLoption option, size_t (*function)(char *, size_t, size_t, void *)) {
    return library.curl_easy_setopt(handle, option, function);
}

// CURLOPT_OPENSOCKETFUNCTION(3).
static curl_socket_t note(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct CCurl_destination *destination = context;
    (void)purpose;
    if (destination->sockets++ == 0 &&
        getnameinfo(&address->addr, address->addrlen, destination->host, sizeof destination->host, destination->port,
                    sizeof destination->port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        destination->host[0] = destination->port[0] = 0;
    return CURL_SOCKET_BAD;
}

CURLcode CCurl_observe(CURL *handle, struct CCurl_destination *destination) {
    CURLcode code = library.curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, note);
    return code == CURLE_OK ? library.curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, destination) : code;
}

CURLcode CCurl_allow_http_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return library.curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return library.curl_easy_setopt(handle, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

CURLcode CCurl_get_long(CURL *handle, CURLINFO info, long *value) {
    return library.curl_easy_getinfo(handle, info, value);
}

CURLcode CCurl_get_time(CURL *handle, CURLINFO info, curl_off_t *value) {
    return library.curl_easy_getinfo(handle, info, value);
}

CURLcode CCurl_get_text(CURL *handle, CURLINFO info, const char **value) {
    return library.curl_easy_getinfo(handle, info, value);
}

const struct curl_slist *CCurl_certificate(CURL *handle) {
    struct curl_certinfo *chain = NULL;
    CURLcode code = library.curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain);
    return code == CURLE_OK && chain && chain->num_of_certs > 0 ? chain->certinfo[0] : NULL;
}

const char *CCurl_easy_strerror(CURLcode code) { return library.curl_easy_strerror(code); }

struct curl_slist *CCurl_slist_append(struct curl_slist *list, const char *line) {
    return library.curl_slist_append(list, line);
}

void CCurl_slist_free_all(struct curl_slist *list) { library.curl_slist_free_all(list); }

time_t CCurl_getdate(const char *text) { return library.curl_getdate(text, NULL); }
