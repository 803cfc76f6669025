/* Mozilla NSS as Swift sees it. Everything here runs on one thread at a time: the `NSS` actor's. */
#pragma once

#include <nspr.h>
#include <nss.h>
#include <pk11pub.h>
#include <pkcs11t.h>
#include <pkcs11n.h>
#include <keyhi.h>
#include <secerr.h>
#include <secitem.h>
#include <secmod.h>
#include <secmodt.h>

/* The vendor constants are macros with casts and nested macros, which Swift does not import. */
static const CK_OBJECT_CLASS CNSS_CKO_TRUST = CKO_NSS_TRUST;
static const CK_ATTRIBUTE_TYPE CNSS_CKA_TRUST_SERVER_AUTH = CKA_TRUST_SERVER_AUTH;
static const CK_ATTRIBUTE_TYPE CNSS_CKA_TRUST_CLIENT_AUTH = CKA_TRUST_CLIENT_AUTH;
static const CK_ATTRIBUTE_TYPE CNSS_CKA_TRUST_EMAIL_PROTECTION = CKA_TRUST_EMAIL_PROTECTION;
static const CK_ATTRIBUTE_TYPE CNSS_CKA_TRUST_CODE_SIGNING = CKA_TRUST_CODE_SIGNING;
static const CK_TRUST CNSS_CKT_TRUSTED = CKT_NSS_TRUSTED;
static const CK_TRUST CNSS_CKT_TRUSTED_DELEGATOR = CKT_NSS_TRUSTED_DELEGATOR;
static const CK_TRUST CNSS_CKT_VALID_DELEGATOR = CKT_NSS_VALID_DELEGATOR;
static const CK_TRUST CNSS_CKT_NOT_TRUSTED = CKT_NSS_NOT_TRUSTED;

/* A Swift closure cannot be this callback without becoming isolated to an actor; NULL means: no password. */
static inline char *CNSS_no_password(PK11SlotInfo *slot, PRBool retry, void *argument)
{
    return NULL;
}

/* PK11_SetPasswordFunc with the callback above: nothing ever prompts. */
static inline void CNSS_never_prompt(void)
{
    PK11_SetPasswordFunc(CNSS_no_password);
}

/* Loads a PKCS #11 module. NSS reads `spec`, but asks for a mutable string. */
static inline SECMODModule *CNSS_load_module(const char *spec)
{
    return SECMOD_LoadUserModule((char *)spec, NULL, PR_FALSE);
}

/* NSS reads only the length and the bytes of `id`, but asks for a mutable SECItem. */
static inline SECKEYPrivateKey *CNSS_find_key(PK11SlotInfo *slot, const unsigned char *id, unsigned int length)
{
    SECItem item = { siBuffer, (unsigned char *)id, length };
    return PK11_FindKeyByKeyID(slot, &item, NULL);
}

/*
 * Signs `input` (a digest, or a DigestInfo for CKM_RSA_PKCS). On entry `*length` is the room in `output`, on success
 * the length of the signature. RSA-PSS takes a struct of parameters by untyped pointer, which is painful in Swift:
 * it is SHA-256 with MGF1-SHA-256 and 32 bytes of salt, as PS256 of RFC 7518 section 3.5 says.
 */
static inline SECStatus CNSS_sign(SECKEYPrivateKey *key, CK_MECHANISM_TYPE mechanism, const unsigned char *input,
                                  unsigned int inputLength, unsigned char *output, unsigned int *length)
{
    CK_RSA_PKCS_PSS_PARAMS pss = { CKM_SHA256, CKG_MGF1_SHA256, 32 };
    SECItem parameters = { siBuffer, (unsigned char *)&pss, sizeof pss };
    SECItem message = { siBuffer, (unsigned char *)input, inputLength };
    SECItem signature = { siBuffer, output, *length };
    SECItem *used = mechanism == CKM_RSA_PKCS_PSS ? &parameters : NULL;
    SECStatus status = PK11_SignWithMechanism(key, mechanism, used, &signature, &message);
    *length = signature.len;
    return status;
}
