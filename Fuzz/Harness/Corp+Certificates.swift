// Made by Fuzz/make-seeds. The private keys are gone.

extension Corp {
    /// A root CA, as PEM.
    static let rootPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIBdDCCARqgAwIBAgIUOPejRsPDsEbjuLN4ZGbRGhfwdogwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMRnV6eiBSb290IENBMCAXDTI2MTEzMDE3MzAyN1oYDzIxMjYx
        MTA2MTczMDI3WjAXMRUwEwYDVQQDDAxGdXp6IFJvb3QgQ0EwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAAQ5bYQM1b0Ab6CirPZ3LP7tIEVgcEDAjzGAU4C+seIPWeZH
        HLxTmnRDkA8CCo1DBZZObyEoSkRNQ1RHCAajOArmo0IwQDAPBgNVHRMBAf8EBTAD
        AQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUvOIOi3lt17lFlqBw01c/kEHL
        GeswCgYIKoZIzj0EAwIDSAAwRQIgNAoa5HqRlFY8o4MpCpb+GmYtrx94Ge8gIQEN
        ufnPKugCIQD01vWuwWCx9z2UY/5s8vvb/BeHtTDS6e0u6kY4YLHsMQ==
        -----END CERTIFICATE-----
        """

    /// An issuing CA under the root, as PEM.
    static let issuingPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIBmTCCAT6gAwIBAgIUBGy/vXVyH5FUfCQQhnGmzubzPIAwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMRnV6eiBSb290IENBMCAXDTI2MTEzMDE3MzAyN1oYDzIxMjYx
        MTA2MTczMDI3WjAaMRgwFgYDVQQDDA9GdXp6IElzc3VpbmcgQ0EwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAARBJR34iPPMzuS4Twde+xqEiP9GN74JIftmj7l1tlK9
        5NzDs0Iqv4tKIBgsnMO4Na380ejenNYEutkBUYelNg1ao2MwYTAPBgNVHRMBAf8E
        BTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQU6wD590knsUqLIw5EhqPT
        Xp9YE1QwHwYDVR0jBBgwFoAUvOIOi3lt17lFlqBw01c/kEHLGeswCgYIKoZIzj0E
        AwIDSQAwRgIhAItjpL+Lxf6JbR6BjD1VwpaQvm4iAZRnc7FKs4oXfQoJAiEA9byn
        TPlXhpkwrAkRmfma/Yml/xCfgyhlqiiYe4MDhQo=
        -----END CERTIFICATE-----
        """

    /// A device's certificate under the issuing CA, as PEM.
    static let leafPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIB0TCCAXegAwIBAgIUdUrGtNmUFy4ni0AxSEB4UM/jUzswCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPRnV6eiBJc3N1aW5nIENBMCAXDTI2MTEzMDE3MzAyN1oYDzIx
        MjYxMTA2MTczMDI3WjAdMRswGQYDVQQDDBJsYXB0b3AtMS5mdXp6LnRlc3QwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAAR101NqXkpsYhvXSebKxCJcZ3dML4V/UCJ6
        Jp3KtO7MhyvoQRWOQ6cA/LakIUDsBk+AXSAm6k9RNuSzq2QnB6xQo4GVMIGSMAwG
        A1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMC
        MB0GA1UdDgQWBBR5pgJvJwpkCwNp/8UvzpSoMEmX1zAfBgNVHSMEGDAWgBTrAPn3
        SSexSosjDkSGo9Nen1gTVDAdBgNVHREEFjAUghJsYXB0b3AtMS5mdXp6LnRlc3Qw
        CgYIKoZIzj0EAwIDSAAwRQIhANUIz3Hynz+WS5psuFRODHVJmXU0Mqd25iC/mDMb
        99HaAiB90438E0HGhHXzeWXeEbRxwjts4zkxyh81IvpJLFKg4A==
        -----END CERTIFICATE-----
        """

    /// Another certificate of the device's, which is on the issuing CA's CRL, as PEM.
    static let revokedPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIB0TCCAXegAwIBAgIUYRld4eF40AxczIwl2TtpC3O5lIswCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPRnV6eiBJc3N1aW5nIENBMCAXDTI2MTEzMDE3MzAyOFoYDzIx
        MjYxMTA2MTczMDI4WjAdMRswGQYDVQQDDBJsYXB0b3AtMS5mdXp6LnRlc3QwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAARCNyhLJFYjqnZM9eFWBRtDKuf6Q0SW4Blh
        yBwFA4ETQHUDyzXDciAwOqkhLYlQe3n7JOJyzsutDF8iT0r90NFOo4GVMIGSMAwG
        A1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMC
        MB0GA1UdDgQWBBSb/0qu21Xqr2ukHBkRz2HaMQa/LTAfBgNVHSMEGDAWgBTrAPn3
        SSexSosjDkSGo9Nen1gTVDAdBgNVHREEFjAUghJsYXB0b3AtMS5mdXp6LnRlc3Qw
        CgYIKoZIzj0EAwIDSAAwRQIhANVQk86eE8l9p3EDzNs1l7+AckUo4ipFh6awGunm
        nS3jAiAGMqnvnZ5L7wE3SylhJp+Czw+QE0lf3gJxGSERiyG5LA==
        -----END CERTIFICATE-----
        """

    /// The CRL of the root, as PEM.
    static let rootListPEM =
        """
        -----BEGIN X509 CRL-----
        MIHQMHkCAQEwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMRnV6eiBSb290IENBFw0y
        NjExMzAxNzMwMzBaGA8yMTI2MTEwNjE3MzAzMFqgLzAtMB8GA1UdIwQYMBaAFLzi
        Dot5bde5RZagcNNXP5BByxnrMAoGA1UdFAQDAgEBMAoGCCqGSM49BAMCA0cAMEQC
        IHi/u3OU4BC4JdTTiZc0dVnlVsk14SQPlQS9Lwbdze1PAiBux3tpt/TJYNAy5kPw
        iU4Wn+BQcT4Ox/IJM5MMlU4T9Q==
        -----END X509 CRL-----
        """

    /// The CRL of the issuing CA, as PEM.
    static let issuingListPEM =
        """
        -----BEGIN X509 CRL-----
        MIH+MIGlAgEBMAoGCCqGSM49BAMCMBoxGDAWBgNVBAMMD0Z1enogSXNzdWluZyBD
        QRcNMjYxMTMwMTczMDMwWhgPMjEyNjExMDYxNzMwMzBaMCcwJQIUYRld4eF40Axc
        zIwl2TtpC3O5lIsXDTI2MTEwMTAwMDAwMFqgLzAtMB8GA1UdIwQYMBaAFOsA+fdJ
        J7FKiyMORIaj016fWBNUMAoGA1UdFAQDAgEBMAoGCCqGSM49BAMCA0gAMEUCIDjH
        n7wAgZ2nKpxbSUsMYk/2vIWinVm3jSSyk/ABelzEAiEA7XbqG1hsccAxgMosxE2X
        P4o3wAAcu2R/hLcJRdgmrqY=
        -----END X509 CRL-----
        """

    /// The public key of the device that signed the messages of the corpus.
    static let deviceX = "MO7dR0-LYgCuLO0LpPhE8kgcaLTkIPg34bfaPDiQDiY"
    static let deviceY = "StcFyFo9M_IGEDyCyje0hSyrOluq840puxJnAW30gkQ"

    /// The SHA-256, base64url, of every payload that the device signed.
    static let payloads: Set<String> = [
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "4Lk16iQAc_axXnnLLbWMx2NH9dkt0fvUssS2NA1T3ow",
        "4yLIqU1SPq2SsvFefVD7i094lrVA4yfFjfJnYkSR_6s",
        "CxRf9T2K1Ys4bXDYfTq5Kc-LfNUS4sTzKMWgguoPnXc",
        "jcmeJ49itOjSjMA3aaKy9OrAGGRgwnaqqPeZx5yteQk",
        "mWfHLXqmaKQHqRT4GqUEwh-R9UKPtBrQflSP8U945jY",
        "sTuFUsIV07BMNTNWBPb_Vj0xQNnQEn8ywrKp5coEDKY",
        "wSh3i7EDWIht9h35sH_W1JpMfw8l6ABU7eGPENa7GlE",
    ]

    /// The serial numbers of the certificates that the issuing CA signed.
    static let leaves: Set<String> = [
        "-80",
        "0",
        "189628879da8a2975c34d94c5d087c6793821547",
        "18f529e5b8a80bf9edea666b7db60e35f123ab18",
        "195b612c97678aa06d8e0980f5d922d565ad0812",
        "1a083580dbf15ed0dd58a5a7771cc9831171526c",
        "1aebbe4cb16ed23d6b4651f932f17530f0ba8cc8",
        "2e0d8afef4f9286aaae6bab801213a0499009a7e",
        "2fbfb14fcab3f066e54ba013f4a0c5fa1cff0478",
        "33a95464757a7a921b84c3ad6ab8b77da8fbf259",
        "37630a037d4600901b6e55430d53027a308ee201",
        "3ba0d421508b4aa7872791d3acbf9fff39df3f41",
        "3c615f161ac7f1e47bf1196152f21515f0feef56",
        "48ac9261b2ae84a220c1182f1a921ea1b27f0f1a",
        "4c2b2999442a2d414879cf2ce35ab133063179c5",
        "4c8cc8b792dcd6f81f5ddd11361bb6596c661fd1",
        "4fc8cc224e14fc2890c647cb91c616437d6cecb5",
        "4fda507400abc6f743467d126e29c7bce7e50822",
        "54f7c76792ef9784bba3d5276f9e2ac9a6810f8c",
        "57d0c91c939211e9d72356d8f6c35cd9089ab2b0",
        "596da091345e1fbcf25e338e7771464e592df0b0",
        "5ad9a48ebcc413bac2311a1c9e3a7f60d5d087f8",
        "5d874e0c7858baf19b9846882a59da53077ed17e",
        "5ec2715bc42c418e0e4c982ebf2b12f2724d0f04",
        "61195de1e178d00c5ccc8c25d93b690b73b9948b",
        "61a85d2b211acfd1462897d39da1f6d595fe5446",
        "62b6f465571e6bd8ecbad39257509110bb018aa7",
        "63bf6a77914a8bfe5b363b29786e94b2a2c238cd",
        "6858751fc1f32798b97a4563ca239e85522668e",
        "7309a605fcdb73b81b2e02425886535ef322445",
        "754ac6b4d994172e278b403148407850cfe3533b",
        "760dd0cfd7c7b7b0cdce4b6d4f56d79f27d6dfa3",
        "78bf5906ddc2284bf2e54a585bc14bd8d0bcf7bf",
        "7aa08a3d02e2a0424cdc94561949514a6fc322b2",
        "7e188d5167d1b7a5107468c8c698f8b1dab441ae",
        "7f",
        "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
        "a2f74e2449bd889b949f35be320406a1cf1986d",
    ]

    /// The serial numbers of the CA certificates that the root signed.
    static let authorities: Set<String> = [
        "10888673051ef57112211d0d8d423b752d3b5858",
        "162c7b85b411b66f4c7d168871d789b1c351d28a",
        "1682210eb8bc15e972385f102be2aafdf386699b",
        "1c4b1d1d3baa199a5eba9b726ecfbc69a04b7c51",
        "23c5f8f9449c119ae851c9a1f225a7528be2191f",
        "356cd5399a139f30e42dfa125c86f33155cd4133",
        "41ab9849f4c1b238fa74fa183b28c347ca2420a6",
        "468d3a736959b255cbaab204b3b8385ec7158ee7",
        "46cbfbd75721f91547c24108671a6cee6f33c80",
        "55905c91f0f67607eca6aaddd7474bd09613279e",
        "5dc607bc25af8b7cf21016abfc76a1766a64391",
        "62cd4696edbf81526550af1eea47507ee1c846d0",
        "69300faf7e25d67800f3bb315b69762b0faae213",
        "9",
        "95ac6019ce2a5c6e45fcba5e59cc1cdb23051cd",
    ]
}
