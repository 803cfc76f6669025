/* OpenSSL's libcrypto as Swift sees it.
 *
 * Functions import as they are. What does not (macros, variadic functions, typed stacks, parameter arrays) has one
 * static inline function here, named after the thing it stands for. */
#pragma once

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <openssl/x509_vfy.h>

/* EVP_EC_gen and EVP_RSA_gen are macros over a variadic function. */
static inline EVP_PKEY *COpenSSL_generate_ec(const char *curve) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
}

static inline EVP_PKEY *COpenSSL_generate_rsa(size_t bits) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

/* OSSL_PARAM arrays end with a macro and hold untyped pointers. Returns NULL if the parameters make no key. */
static inline EVP_PKEY *COpenSSL_public_key(const char *type, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (context == NULL || parameters == NULL || EVP_PKEY_fromdata_init(context) <= 0 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return key;
}

/* The public key at a point (uncompressed form) of a named curve; the point is checked to lie on it. */
static inline EVP_PKEY *COpenSSL_ec_public_key(const char *curve, const unsigned char *point, size_t length) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (builder == NULL) return NULL;
    OSSL_PARAM *parameters = NULL;
    if (OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, length)) {
        parameters = OSSL_PARAM_BLD_to_param(builder);
    }
    OSSL_PARAM_BLD_free(builder);
    return COpenSSL_public_key("EC", parameters);
}

/* The RSA public key with this modulus and exponent, both big-endian. */
static inline EVP_PKEY *COpenSSL_rsa_public_key(const unsigned char *n, size_t n_length, const unsigned char *e,
                                                size_t e_length) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = BN_bin2bn(n, (int)n_length, NULL), *exponent = BN_bin2bn(e, (int)e_length, NULL);
    OSSL_PARAM *parameters = NULL;
    if (builder != NULL && modulus != NULL && exponent != NULL &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent)) {
        parameters = OSSL_PARAM_BLD_to_param(builder);
    }
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return COpenSSL_public_key("RSA", parameters);
}

/* Typed stacks are macros. */
static inline STACK_OF(X509) *COpenSSL_certificates_new(void) { return sk_X509_new_null(); }

/* Adds a reference of its own to the certificate. Returns 0 on failure. */
static inline int COpenSSL_certificates_push(STACK_OF(X509) *stack, X509 *certificate) {
    return X509_add_cert(stack, certificate, X509_ADD_FLAG_UP_REF);
}

static inline int COpenSSL_certificates_count(const STACK_OF(X509) *stack) {
    return stack == NULL ? 0 : sk_X509_num(stack);
}

static inline X509 *COpenSSL_certificates_at(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}

static inline void COpenSSL_certificates_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

/* The extended key usage of a certificate, or NULL where it has none or an unreadable one; `critical` is as
 * X509_get_ext_d2i(3) has it: -1 absent, -2 more than once, >= 0 there. */
static inline EXTENDED_KEY_USAGE *COpenSSL_extended_key_usage(const X509 *certificate, int *critical) {
    return (EXTENDED_KEY_USAGE *)X509_get_ext_d2i(certificate, NID_ext_key_usage, critical, NULL);
}

static inline int COpenSSL_usages_count(const EXTENDED_KEY_USAGE *usages) { return sk_ASN1_OBJECT_num(usages); }

static inline ASN1_OBJECT *COpenSSL_usages_at(const EXTENDED_KEY_USAGE *usages, int index) {
    return sk_ASN1_OBJECT_value(usages, index);
}

static inline void COpenSSL_usages_free(EXTENDED_KEY_USAGE *usages) { EXTENDED_KEY_USAGE_free(usages); }

/* The flags of X509_NAME_print_ex(3) are macros with casts. RFC 2253 escapes control characters, which the name of
 * an enemy's certificate might hold; UTF-8 stays readable. */
static inline unsigned long COpenSSL_name_form(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }

/* OPENSSL_free is a macro that names the calling file and line. */
static inline void COpenSSL_free(void *memory) { OPENSSL_free(memory); }
