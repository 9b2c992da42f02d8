// Makes a key pair by way of the files that the product keeps it in.
#include "signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

void
signer_make(struct signer *signer)
{
    char folder[] = "/tmp/vekha-unit-XXXXXX", secret[64], public[64];
    assert_int_equal(crypto_open(), STATUS_OK);
    assert_non_null(mkdtemp(folder));
    snprintf(secret, sizeof secret, "%s/secret", folder);
    snprintf(public, sizeof public, "%s/public", folder);
    assert_int_equal(sign_make_key_files(secret, public), STATUS_OK);
    assert_int_equal(sign_load_secret_key(secret, signer->secret), STATUS_OK);
    assert_int_equal(sign_load_public_key(public, signer->public), STATUS_OK);
    unlink(secret);
    unlink(public);
    rmdir(folder);
}

size_t
signer_sign(const struct signer *signer, const Bus__Principal *principal, uint8_t out[SIGNED_PRINCIPAL_BYTES])
{
    uint8_t packed[SIGNED_PRINCIPAL_BYTES], signature[SIGNATURE_BYTES];
    assert_true(bus__principal__get_packed_size(principal) + SIGNATURE_BYTES + 16 <= SIGNED_PRINCIPAL_BYTES);
    size_t size = bus__principal__pack(principal, packed);
    sign_bytes(signer->secret, packed, size, signature);
    Bus__SignedPrincipal sealed = BUS__SIGNED_PRINCIPAL__INIT;
    sealed.principal = (ProtobufCBinaryData){size, packed};
    sealed.signature = (ProtobufCBinaryData){sizeof signature, signature};
    return bus__signed_principal__pack(&sealed, out);
}
