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
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <openssl/x509_vfy.h>

/* What DER, or BER, can hold: each has a function of its own that reads it, and a type of its own to free. */
enum COpenSSL_content {
    COpenSSL_nothing, COpenSSL_certificate, COpenSSL_crl, COpenSSL_request, COpenSSL_pkcs7, COpenSSL_pkcs12,
    COpenSSL_encrypted_key, COpenSSL_private_key, COpenSSL_public_key_info
};

static inline enum COpenSSL_content COpenSSL_content_of_der(const unsigned char *der, size_t length) {
#define IF_IT_IS(type, content) { \
        const unsigned char *end = der; \
        type *value = d2i_##type(NULL, &end, (long)length); \
        if (value != NULL) { type##_free(value); return content; } }
    IF_IT_IS(X509, COpenSSL_certificate)
    IF_IT_IS(X509_CRL, COpenSSL_crl)
    IF_IT_IS(X509_REQ, COpenSSL_request)
    IF_IT_IS(PKCS7, COpenSSL_pkcs7)
    IF_IT_IS(PKCS12, COpenSSL_pkcs12)
    /* Before private keys: what reads those might ask for the password. */
    IF_IT_IS(X509_SIG, COpenSSL_encrypted_key)
#undef IF_IT_IS
    const unsigned char *end = der;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &end, (long)length);
    enum COpenSSL_content content = key != NULL ? COpenSSL_private_key : COpenSSL_nothing;
    if (key == NULL) {
        end = der;
        key = d2i_PUBKEY(NULL, &end, (long)length);
        if (key != NULL) content = COpenSSL_public_key_info;
    }
    EVP_PKEY_free(key);
    return content;
}

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

/* Whether OpenSSL knows this kind of extension and cannot read this one. */
static inline int COpenSSL_is_unreadable(X509_EXTENSION *extension) {
    const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
    if (method == NULL) return 0;
    void *value = X509V3_EXT_d2i(extension);
    if (value == NULL) return 1;
    if (method->it != NULL) ASN1_item_free((ASN1_VALUE *)value, ASN1_ITEM_ptr(method->it));
    else method->ext_free(value);
    return 0;
}

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

/* The general names of a subjectAltName (RFC 5280 section 4.2.1.6), or NULL; `critical` as above. */
static inline GENERAL_NAMES *COpenSSL_subject_alternative_names(const X509 *certificate, int *critical) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, critical, NULL);
}

static inline int COpenSSL_general_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

static inline GENERAL_NAME *COpenSSL_general_names_at(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

static inline void COpenSSL_general_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

/* The X.500 name of a general name, or NULL where it is of another kind. */
static inline X509_NAME *COpenSSL_general_name_directory(const GENERAL_NAME *name) {
    return name->type == GEN_DIRNAME ? name->d.directoryName : NULL;
}

/* A union in OpenSSL: GEN_DNS, GEN_EMAIL, GEN_URI and GEN_IPADD hold a string of octets, the others none. */
static inline int COpenSSL_general_name_type(const GENERAL_NAME *name) { return name->type; }

static inline const ASN1_STRING *COpenSSL_general_name_string(const GENERAL_NAME *name) {
    switch (name->type) {
    case GEN_DNS: case GEN_EMAIL: case GEN_URI: return name->d.ia5;
    case GEN_IPADD: return name->d.iPAddress;
    default: return NULL;
    }
}

/* The name constraints of a certificate (RFC 5280 section 4.2.1.10), or NULL; `critical` as above. */
static inline NAME_CONSTRAINTS *COpenSSL_name_constraints(const X509 *certificate, int *critical) {
    return (NAME_CONSTRAINTS *)X509_get_ext_d2i(certificate, NID_name_constraints, critical, NULL);
}

static inline void COpenSSL_name_constraints_free(NAME_CONSTRAINTS *constraints) { NAME_CONSTRAINTS_free(constraints); }

/* Of the excluded subtrees or of the permitted ones; -1 where there is no such list. */
static inline int COpenSSL_subtrees_count(const NAME_CONSTRAINTS *constraints, int excluded) {
    STACK_OF(GENERAL_SUBTREE) *list = excluded ? constraints->excludedSubtrees : constraints->permittedSubtrees;
    return list == NULL ? -1 : sk_GENERAL_SUBTREE_num(list);
}

static inline GENERAL_SUBTREE *COpenSSL_subtrees_at(const NAME_CONSTRAINTS *constraints, int excluded, int index) {
    return sk_GENERAL_SUBTREE_value(excluded ? constraints->excludedSubtrees : constraints->permittedSubtrees, index);
}

/* RFC 5280 demands a minimum of 0 and no maximum. */
static inline int COpenSSL_subtree_is_whole(const GENERAL_SUBTREE *subtree) {
    return subtree->minimum == NULL && subtree->maximum == NULL;
}

static inline const GENERAL_NAME *COpenSSL_subtree_base(const GENERAL_SUBTREE *subtree) { return subtree->base; }

/* Revocation lists: a typed stack, and entries that are macros. */
static inline STACK_OF(X509_CRL) *COpenSSL_crls_new(void) { return sk_X509_CRL_new_null(); }

/* Adds a reference of its own to the list. Returns 0 on failure. */
static inline int COpenSSL_crls_push(STACK_OF(X509_CRL) *stack, X509_CRL *crl) {
    if (!X509_CRL_up_ref(crl)) return 0;
    if (sk_X509_CRL_push(stack, crl) > 0) return 1;
    X509_CRL_free(crl);
    return 0;
}

static inline void COpenSSL_crls_free(STACK_OF(X509_CRL) *stack) { sk_X509_CRL_pop_free(stack, X509_CRL_free); }

/* The issuing distribution point of a list (RFC 5280 section 5.2.5), or NULL; `critical` as above. */
static inline ISSUING_DIST_POINT *COpenSSL_issuing_point(const X509_CRL *crl, int *critical) {
    return (ISSUING_DIST_POINT *)X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, critical, NULL);
}

static inline void COpenSSL_issuing_point_free(ISSUING_DIST_POINT *point) { ISSUING_DIST_POINT_free(point); }

/* The full names of a distribution point, or NULL: it may have a name relative to the issuer's, or none. */
static inline GENERAL_NAMES *COpenSSL_point_names(const DIST_POINT_NAME *name) {
    return name != NULL && name->type == 0 ? name->name.fullname : NULL;
}

/* The distribution points of a certificate (RFC 5280 section 4.2.1.13), or NULL; `critical` as above. */
static inline CRL_DIST_POINTS *COpenSSL_distribution_points(const X509 *certificate, int *critical) {
    return (CRL_DIST_POINTS *)X509_get_ext_d2i(certificate, NID_crl_distribution_points, critical, NULL);
}

static inline int COpenSSL_distribution_points_count(const CRL_DIST_POINTS *points) {
    return sk_DIST_POINT_num(points);
}

static inline DIST_POINT *COpenSSL_distribution_points_at(const CRL_DIST_POINTS *points, int index) {
    return sk_DIST_POINT_value(points, index);
}

static inline void COpenSSL_distribution_points_free(CRL_DIST_POINTS *points) { CRL_DIST_POINTS_free(points); }

static inline int COpenSSL_revoked_count(X509_CRL *crl) {
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);
    return entries == NULL ? 0 : sk_X509_REVOKED_num(entries);
}

static inline X509_REVOKED *COpenSSL_revoked_at(X509_CRL *crl, int index) {
    return sk_X509_REVOKED_value(X509_CRL_get_REVOKED(crl), index);
}

/* Whether the error is about what a CRL says, or that there is none. */
static inline int COpenSSL_is_of_revocation(int error) {
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_CRL: case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER: case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID: case X509_V_ERR_DIFFERENT_CRL_SCOPE: case X509_V_ERR_CERT_REVOKED:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE: case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN: case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION: case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
        return 1;
    default: return 0;
    }
}

/* The links of a chain, as the caller knows them, and the times of CRLs that are good enough for it. */
struct COpenSSL_links {
    void *owner;
    /* Whether `issuer` is the one that stands above `certificate` in the chain that is validated. */
    int (*follows)(void *owner, X509 *certificate, X509 *issuer);
    /* Whether the key of `issuer` made the signature of `certificate`. */
    int (*is_signed)(void *owner, X509 *certificate, X509 *issuer);
    /* A CRL is not early that was made by then, and not overdue whose next update is due after then. */
    time_t latest_this_update, earliest_next_update;
};

/* Whether the CRL that is objected to is early, or overdue, by no more than the caller allows. */
static inline int COpenSSL_is_within_leeway(int error, X509_STORE_CTX *context) {
    const struct COpenSSL_links *links = X509_STORE_CTX_get_app_data(context);
    const X509_CRL *crl = X509_STORE_CTX_get0_current_crl(context);
    if (links == NULL || crl == NULL) return 0;
    int order;
    switch (error) {
    case X509_V_ERR_CRL_NOT_YET_VALID:
        order = ASN1_TIME_cmp_time_t(X509_CRL_get0_lastUpdate(crl), links->latest_this_update);
        return order == -1 || order == 0;
    case X509_V_ERR_CRL_HAS_EXPIRED:
        return ASN1_TIME_cmp_time_t(X509_CRL_get0_nextUpdate(crl), links->earliest_next_update) == 1;
    default: return 0;
    }
}

/* X509_verify_cert(3) calls this for each thing that it objects to; 1 passes over it (docs/decisions/0009). */
static inline int COpenSSL_objection(int ok, X509_STORE_CTX *context) {
    if (ok) return 1;
    int error = X509_STORE_CTX_get_error(context);
    switch (error) {
    /* Not OpenSSL's to judge here: it takes the very second of notAfter for past. But nobody else judges the chain of a
     * CRL's signer, which has a context of its own. */
    case X509_V_ERR_CERT_HAS_EXPIRED: case X509_V_ERR_CERT_NOT_YET_VALID:
        return X509_STORE_CTX_get0_parent_ctx(context) == NULL;
    /* RFC 5280 section 6.1.4 (n) looks at the key usage of a CA only where there is one. */
    case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE: return 1;
    case X509_V_ERR_CRL_NOT_YET_VALID: case X509_V_ERR_CRL_HAS_EXPIRED:
        if (COpenSSL_is_within_leeway(error, context)) return 1;
        break;
    default: break;
    }
    /* A trusted certificate is trusted until somebody says otherwise; a CRL is not where that is said. */
    int last = COpenSSL_certificates_count(X509_STORE_CTX_get0_chain(context)) - 1;
    return COpenSSL_is_of_revocation(error) && X509_STORE_CTX_get_error_depth(context) == last;
}

/* The same, and what it does not know of a certificate's revocation is no objection: "soft failure". */
static inline int COpenSSL_soft_objection(int ok, X509_STORE_CTX *context) {
    switch (X509_STORE_CTX_get_error(context)) {
    case X509_V_ERR_UNABLE_TO_GET_CRL: case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER: case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID: case X509_V_ERR_DIFFERENT_CRL_SCOPE: return 1;
    default: return COpenSSL_objection(ok, context);
    }
}

static inline void COpenSSL_set_objections(X509_STORE_CTX *context, int unknown_revocation_matters) {
    X509_STORE_CTX_set_verify_cb(context, unknown_revocation_matters ? COpenSSL_objection : COpenSSL_soft_objection);
}

/* Stands in for OpenSSL's choice of issuers. A chain to the signer of a CRL has a context of its own, without links. */
static inline int COpenSSL_check_issued(X509_STORE_CTX *context, X509 *certificate, X509 *issuer) {
    const struct COpenSSL_links *links = X509_STORE_CTX_get_app_data(context);
    if (X509_check_issued(issuer, certificate) != X509_V_OK) return 0;
    return links == NULL || links->follows(links->owner, certificate, issuer);
}

/* Stands in for the part of X509_verify_cert(3) that verifies signatures and times, from the anchor down. The times of
 * the chain itself are the caller's to judge (see COpenSSL_objection). */
static inline int COpenSSL_verify_links(X509_STORE_CTX *context) {
    X509_STORE_CTX *parent = X509_STORE_CTX_get0_parent_ctx(context);
    const struct COpenSSL_links *links = X509_STORE_CTX_get_app_data(parent == NULL ? context : parent);
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
    int last = sk_X509_num(chain) - 1;
    if (links == NULL) {
        X509_STORE_CTX_set_error(context, X509_V_ERR_UNSPECIFIED);
        return 0;
    }
    for (int depth = last; depth >= 0; depth--) {
        X509 *certificate = sk_X509_value(chain, depth);
        X509_STORE_CTX_set_error_depth(context, depth);
        X509_STORE_CTX_set_current_cert(context, certificate);
        if (depth < last && !links->is_signed(links->owner, certificate, sk_X509_value(chain, depth + 1))) {
            X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_SIGNATURE_FAILURE);
            return 0;
        }
        if (parent != NULL && X509_cmp_timeframe(X509_STORE_CTX_get0_param(context), X509_get0_notBefore(certificate),
                                                 X509_get0_notAfter(certificate)) != 0) {
            X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_HAS_EXPIRED);
            return 0;
        }
    }
    return 1;
}

/* Before X509_STORE_CTX_init(3), which copies them. */
static inline void COpenSSL_replace_signatures(X509_STORE *store) {
    X509_STORE_set_check_issued(store, COpenSSL_check_issued);
    X509_STORE_set_verify(store, COpenSSL_verify_links);
}

static inline int COpenSSL_set_links(X509_STORE_CTX *context, struct COpenSSL_links *links) {
    return X509_STORE_CTX_set_app_data(context, links);
}

/* Whether the certificate policies are critical and have a qualifier other than a CPS pointer and a user notice
 * (RFC 5280 section 4.2.1.4). */
static inline int COpenSSL_has_unknown_policy_qualifier(const X509 *certificate) {
    int critical, found = 0;
    CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(certificate, NID_certificate_policies, &critical, NULL);
    for (int i = 0; critical == 1 && i < sk_POLICYINFO_num(policies); i++) {
        STACK_OF(POLICYQUALINFO) *qualifiers = sk_POLICYINFO_value(policies, i)->qualifiers;
        for (int j = 0; j < sk_POLICYQUALINFO_num(qualifiers); j++) {
            int kind = OBJ_obj2nid(sk_POLICYQUALINFO_value(qualifiers, j)->pqualid);
            if (kind != NID_id_qt_cps && kind != NID_id_qt_unotice) found = 1;
        }
    }
    CERTIFICATEPOLICIES_free(policies);
    return found;
}

enum {
    /* No policyConstraints, or none with requireExplicitPolicy. */
    COpenSSL_policy_not_required = -1,
    /* policyConstraints that cannot be read, or with a negative number. */
    COpenSSL_policy_unreadable = -2,
};

/* After how many certificates a policy is required (requireExplicitPolicy, RFC 5280 section 4.2.1.11). */
static inline long COpenSSL_policy_required_after(const X509 *certificate) {
    int critical;
    POLICY_CONSTRAINTS *constraints = X509_get_ext_d2i(certificate, NID_policy_constraints, &critical, NULL);
    if (!constraints) return critical == -1 ? COpenSSL_policy_not_required : COpenSSL_policy_unreadable;
    const ASN1_INTEGER *required = constraints->requireExplicitPolicy, *inhibited = constraints->inhibitPolicyMapping;
    long after = COpenSSL_policy_not_required;
    /* A number that no long holds comes out as -1: after more certificates than a chain has. */
    if (required) after = ASN1_INTEGER_get(required);
    if ((!required && !inhibited) || (required && ASN1_STRING_type(required) == V_ASN1_NEG_INTEGER)
        || (inhibited && ASN1_STRING_type(inhibited) == V_ASN1_NEG_INTEGER))
        after = COpenSSL_policy_unreadable;
    POLICY_CONSTRAINTS_free(constraints);
    return after;
}

/* The flags of X509_NAME_print_ex(3) are macros with casts. RFC 2253 escapes control characters, which the name of
 * an enemy's certificate might hold; UTF-8 stays readable. */
static inline unsigned long COpenSSL_name_form(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }

/* OPENSSL_free is a macro that names the calling file and line. */
static inline void COpenSSL_free(void *memory) { OPENSSL_free(memory); }
